import type { Cause } from '../../../providers/causes.ts';
import { createSecret, editByHand, moreThan, readLogs, redeploy, restart } from '../../../providers/fixes.ts';

/** Why a container that has its image does not run: what it refers to, what it mounts, how it ended. */
export const containerCauses: readonly Cause[] = [
  {
    code: 'SECRET_KEY_MISSING',
    sorts: ['container', 'event'],
    pattern: /couldn't find key (?<key>[\w.-]{1,253}) in Secret (?:[a-z0-9-]+\/)?(?<secret>[a-z0-9.-]{1,253})/i,
    title: ({ key, secret }) => `The Secret ${secret} has no key ${key}.`,
    fix: ({ namespace }, { key, secret }) =>
      `kubectl patch secret ${secret} -n ${namespace} -p '{"stringData":{"${key}":"<value>"}}'`,
  },
  {
    code: 'SECRET_MISSING',
    sorts: ['container', 'event'],
    pattern: /secrets? "(?<secret>[a-z0-9.-]{1,253})" not found/i,
    title: ({ secret }) => `Its pods refer to the Secret ${secret}, which does not exist in its namespace.`,
    fix: (about, { secret = '' }) => createSecret(about, secret),
  },
  {
    code: 'CONFIG_MAP_MISSING',
    sorts: ['container', 'event'],
    pattern:
      /configmaps? "(?<map>[a-z0-9.-]{1,253})" not found|find key \S+ in ConfigMap \S*?(?<other>[a-z0-9.-]{1,253})$/i,
    title: ({ map, other }) => `Its pods refer to the ConfigMap ${map ?? other}, which does not exist or lacks a key.`,
    fix: ({ namespace }, { map, other }) =>
      `kubectl create configmap ${map ?? other} -n ${namespace} --from-file=<file>`,
  },
  {
    code: 'MOUNT_FAILED',
    sorts: ['event'],
    pattern: /FailedMount|FailedAttachVolume|Unable to attach or mount volumes/,
    title: () => 'A volume of its pods cannot be mounted.',
    fix: ({ namespace }) => `kubectl describe pvc -n ${namespace}`,
  },
  {
    code: 'CONTAINER_COMMAND_MISSING',
    sorts: ['container', 'event'],
    pattern: /executable file not found|no such file or directory: unknown|StartError|exec: "/i,
    title: () => 'The command of a container is not in its image.',
    fix: (about) => redeploy(about, { image: null }),
  },
  {
    code: 'OUT_OF_MEMORY',
    sorts: ['container'],
    pattern: /OOMKilled/,
    title: () => 'A container needs more memory than its limit and was killed (OOMKilled): RAM, not GPU memory.',
    fix: (about) => redeploy(about, { memory: moreThan(about.memory, 64) }),
  },
  {
    code: 'POD_EVICTED',
    sorts: ['container', 'event'],
    pattern: /\bEvicted\b|low on resource/,
    title: () => 'Its pod was evicted: the node ran out of memory or disk.',
    fix: () => 'kubectl describe nodes | grep -i pressure',
  },
  {
    code: 'LIVENESS_FAILED',
    sorts: ['event'],
    pattern: /(?:Liveness|Startup) probe failed|failed (?:liveness|startup) probe/i,
    title: () => 'The kubelet restarts a container that does not answer its liveness or startup probe in time.',
    fix: (about) => editByHand(about),
  },
  {
    code: 'CONTAINER_KILLED',
    sorts: ['container'],
    pattern: /^(?!.*OOMKilled).*exit code 137/s,
    title: () =>
      'A container was killed from outside (exit code 137, not by its memory limit): its probe, or the node.',
    fix: (about) => readLogs(about),
  },
  {
    code: 'CONTAINER_CONFIG_INVALID',
    rank: 'symptom',
    sorts: ['container'],
    pattern: /CreateContainerConfigError|CreateContainerError|RunContainerError/,
    title: () => 'The kubelet cannot make a container of what its spec says.',
    fix: (about) => editByHand(about),
  },
  {
    code: 'CRASH_LOOP',
    rank: 'symptom',
    sorts: ['container'],
    pattern: /CrashLoopBackOff|exit code [1-9]/,
    title: () => 'A container ends with an error again and again; its last lines name no cause that is known.',
    fix: (about) => readLogs(about),
  },
  {
    code: 'READINESS_FAILED',
    rank: 'symptom',
    sorts: ['event'],
    pattern: /Readiness probe failed|Readiness probe errored/i,
    title: () => 'A container runs but does not answer its readiness probe.',
    fix: (about) => restart(about),
  },
];
