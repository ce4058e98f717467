import type { Cause } from '../causes.ts';
import { editByHand, readLogs, removeIt, restart, scaleTo, toolCall } from '../fixes.ts';

/** What the KubeRay operator and Ray Serve say in words of their own (operator 1.3 to 1.7). */
export const causes: readonly Cause[] = [
  {
    code: 'NAME_TOO_LONG',
    sorts: ['condition', 'status', 'event'],
    pattern: /name should be no more than (?<limit>\d+) characters/i,
    title: ({ limit }) => `Its name is longer than the ${limit} characters that KubeRay allows.`,
    fix: (about) => removeIt(about),
  },
  {
    code: 'NAME_INVALID',
    sorts: ['status'],
    pattern: /name should be a valid DNS/i,
    title: () => 'Its name is not one that KubeRay allows: letters, digits and dashes, a letter first.',
    fix: (about) => removeIt(about),
  },
  {
    code: 'SPEC_REFUSED',
    sorts: ['status'],
    pattern: /ValidationFailed(?!.*name should be)|^Invalid(?:Ray\w+)?Spec/,
    title: () => 'The operator refuses a part of its spec, which its words name; what ran before goes on.',
    fix: (about) => editByHand(about),
  },
  {
    code: 'SERVE_CONFIG_INVALID',
    sorts: ['status', 'event'],
    pattern: /InvalidServeConfig|FailedToUpdateServeApplications.*(?:unmarshal|yaml)|serveConfigV2 is not valid/is,
    title: () => 'spec.serveConfigV2 is not valid YAML.',
    fix: (about) => editByHand(about),
  },
  {
    code: 'HEAD_PORT_MISSING',
    sorts: ['status'],
    pattern: /^MissingHeadPort/,
    title: () => 'The head container declares ports, but not those that the operator waits for (dashboard, serve).',
    fix: (about) => editByHand(about),
  },
  {
    code: 'CLUSTER_NOT_SCALED',
    sorts: ['status'],
    pattern:
      /^ClusterNotScaled: .*asks for (?<asked>\d+ (?:(?<role>prefill|decode) )?workers?) \((?<replicas>\d+) replicas?\), its RayCluster [\w.-]+ has (?<has>\d+)/s,
    title: ({ asked, has }) =>
      `RayService asks for ${asked}, its RayCluster has ${has}: KubeRay adds no workers to a RayCluster that runs until that is scaled, too.`,
    fix: (about, { role, replicas }) => scaleTo(about, Number(replicas), role),
  },
  {
    code: 'APPLICATION_WAITS_FOR_ROOM',
    sorts: ['status'],
    pattern: /taken more than \d+s to be scheduled.*Resources required/is,
    title: () => 'Ray has too few GPUs or CPUs among its workers for a replica.',
    fix: (about) => toolCall('get_deployment', { name: about.name, namespace: about.namespace, detail: true }),
  },
  {
    code: 'START_TIMED_OUT',
    rank: 'symptom',
    sorts: ['condition', 'status'],
    pattern: /InitializingTimeout/,
    title: () => 'The operator gave up: it did not become ready within the time that its annotation allows.',
    fix: (about) => removeIt(about),
  },
  {
    code: 'DASHBOARD_UNREACHABLE',
    rank: 'symptom',
    sorts: ['event', 'status'],
    pattern:
      /(?:dashboard|:8265).{0,200}(?:refused|timeout|deadline|unreachable|EOF)|Failed to get Serve application statuses/is,
    title: () => 'The operator cannot reach the dashboard of the Ray head.',
    fix: (about) => restart(about),
  },
  {
    code: 'APPLICATION_FAILED',
    rank: 'symptom',
    sorts: ['status'],
    pattern: /^DEPLOY_FAILED/,
    title: () => 'Ray Serve cannot start its application.',
    fix: (about) => readLogs(about),
  },
  {
    code: 'APPLICATION_UNHEALTHY',
    rank: 'symptom',
    sorts: ['status'],
    pattern: /^UNHEALTHY|ZeroServeEndpoints/,
    title: () => 'Its Ray Serve application ran and answers no more.',
    fix: (about) => restart(about),
  },
  {
    code: 'RECONCILE_FAILED',
    rank: 'symptom',
    sorts: ['status', 'condition'],
    pattern: /Failed(?:To|Create|Delete)\w+|ReplicaFailure/,
    title: () => 'The operator cannot carry out its spec; its words name what stands in the way.',
    fix: (about) => editByHand(about),
  },
];
