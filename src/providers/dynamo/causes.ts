import type { Cause } from '../causes.ts';
import { editByHand, redeploy, removeIt } from '../fixes.ts';

/** What the Dynamo operator says in words of its own (operator 1.0 to 1.6, admission webhooks among it). */
export const causes: readonly Cause[] = [
  {
    code: 'MULTINODE_UNSUPPORTED',
    sorts: ['condition', 'status'],
    pattern: /no_multinode_orchestrator|no multinode orchestrator/i,
    title: () => 'It spans several nodes, for which neither Grove nor LeaderWorkerSet is installed.',
    fix: (about) => redeploy(about, { gpus: 8 }),
  },
  {
    code: 'SPEC_REFUSED',
    sorts: ['status'],
    pattern:
      /ValidationFailed|admission webhook "vdynamo[\w.-]{1,200}" denied|^Invalid\w*: |DynamoComponentDeployment\.nvidia\.com "[^"]{1,253}" is invalid/,
    title: () => 'The operator refuses a part of its spec, which its words name.',
    fix: (about) => editByHand(about),
  },
  {
    code: 'SPEC_UNREADABLE',
    sorts: ['status'],
    pattern: /^(?:NoComponents|Unreadable):/,
    title: () => 'Its spec has no components, or fields of wrong types: nothing will ever run.',
    fix: (about) => removeIt(about),
  },
  {
    code: 'RECONCILE_FAILED',
    rank: 'symptom',
    sorts: ['condition', 'status'],
    pattern: /failed_to_\w+|failed to reconcile|rolling_?update_?failed|^undefined:/i,
    title: () => 'The operator cannot carry out its spec; its words name what stands in the way.',
    fix: (about) => editByHand(about),
  },
];
