import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/foundry/diagnosis/diagnosis.ts';
import { evidenceOf } from '../../src/foundry/diagnosis/subject.ts';
import { textAt } from '../../src/kubernetes.ts';
import type { CauseCode } from '../../src/providers/causes.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { runtimeIds } from '../../src/providers/spec.ts';
import { loadProvider } from '../support/providers.ts';
import { type Recording, recordingsOf, shortlyAfter } from '../support/recordings.ts';
import { read } from '../support/responder.ts';

/** The cause that a snapshot alone tells, or (lower case) what it waits for. */
const expected: Readonly<Record<string, CauseCode | Lowercase<string>>> = {
  'dynamo/grove-unschedulable': 'GPUS_TOO_MANY',
  'dynamo/just-created': 'pod_is_placed',
  'dynamo/no-multinode-orchestrator': 'MULTINODE_UNSUPPORTED',
  'dynamo/no-status-yet': 'operator_acts',
  'dynamo/oldest-layout-failed': 'SPEC_REFUSED',
  'dynamo/update-stuck-then-scaled': 'IMAGE_NOT_FOUND',
  'dynamo/worker-crash-loop': 'CRASH_LOOP',
  'dynamo/worker-image-pull': 'IMAGE_NOT_FOUND',
  'kuberay/1.7-resumed-first': 'pods_appear',
  'kuberay/active-deploy-failed': 'KV_CACHE_TOO_SMALL',
  'kuberay/active-unhealthy': 'APPLICATION_UNHEALTHY',
  'kuberay/app-build-failed': 'ENGINE_ARGUMENT_UNKNOWN',
  'kuberay/bad-serveconfig-yaml': 'SERVE_CONFIG_INVALID',
  'kuberay/first-deploy-failed': 'MODEL_GATED',
  'kuberay/first-deploy-unhealthy': 'APPLICATION_UNHEALTHY',
  'kuberay/group-name-invalid': 'NAME_INVALID',
  'kuberay/head-crashloop': 'CRASH_LOOP',
  'kuberay/head-image-pull-backoff': 'IMAGE_NOT_FOUND',
  'kuberay/head-pending-unschedulable': 'NODE_TAINTED',
  'kuberay/head-unready-after-ready': 'READINESS_FAILED',
  'kuberay/init-timeout': 'START_TIMED_OUT',
  'kuberay/init-timeout-cleaned': 'START_TIMED_OUT',
  'kuberay/init-timeout-first-moment': 'START_TIMED_OUT',
  'kuberay/init-timeout-then-edited': 'START_TIMED_OUT',
  'kuberay/just-created': 'pods_appear',
  'kuberay/just-created-no-status': 'operator_acts',
  'kuberay/old-and-new-both-failing': 'GPU_OUT_OF_MEMORY',
  'kuberay/operator-absent': 'operator_acts',
  'kuberay/quota-denied': 'QUOTA_EXCEEDED',
  'kuberay/quota-denied-head': 'QUOTA_EXCEEDED',
  'kuberay/ready-then-head-lost': 'HEAD_LOST',
  'kuberay/ready-then-worker-lost': 'READINESS_FAILED',
  'kuberay/two-apps-one-failed': 'GPU_OUT_OF_MEMORY',
  'kuberay/upgrade-pending-failed': 'GPU_OUT_OF_MEMORY',
  'kuberay/upgrade-pending-image-pull': 'IMAGE_NOT_FOUND',
  'kuberay/upgrade-pending-unschedulable': 'NODE_SELECTOR_UNMATCHED',
  'kuberay/validation-failed-edit-over-serving': 'SPEC_REFUSED',
  'kuberay/validation-failed-first': 'SPEC_REFUSED',
  'kuberay/validation-failed-first-name': 'NAME_INVALID',
  'kuberay/worker-config-error': 'SECRET_MISSING',
  'kuberay/worker-crashloop': 'OUT_OF_MEMORY',
  'kuberay/worker-crashloop-after-ready': 'OUT_OF_MEMORY',
  'kuberay/worker-image-pull-backoff': 'IMAGE_NOT_FOUND',
  'kuberay/worker-image-pull-backoff-main-container': 'IMAGE_NOT_FOUND',
  'kuberay/worker-unschedulable': 'GPUS_TOO_MANY',
  // Deploying, and yet nothing that passes by itself.
  'kuberay/app-waiting-for-resources': 'APPLICATION_WAITS_FOR_ROOM',
  'kuberay/no-dashboard-port': 'HEAD_PORT_MISSING',
  'kuberay/no-serve-port': 'HEAD_PORT_MISSING',
  'kuberay/worker-err-image-pull-fresh': 'IMAGE_REGISTRY_UNREACHABLE',
};

function diagnosisOf(provider: Provider, { primary, objects }: Recording) {
  const now = shortlyAfter([primary, ...objects]);
  const [snapshot] = provider.reading.snapshots([primary], read(provider, [primary], objects), now);
  if (!snapshot) throw new Error(`${provider.id} gave no snapshot for ${primary.metadata.name}`);
  const warnings = objects.filter((object) => object.kind === 'Event' && textAt(object, 'type') === 'Warning');
  const evidence = evidenceOf(provider, snapshot, warnings);
  return { phase: evidence.deployment.phase, ...diagnose(evidence) };
}

const troubled: readonly (string | null)[] = ['Failed', 'Degraded', 'Pending'];

describe.each(runtimeIds)('diagnosis of recordings of the %s operator', (runtime) => {
  test.each(recordingsOf(runtime))('$title', async (recording) => {
    const { phase, findings, waiting } = diagnosisOf(await loadProvider[runtime](), recording);
    const code = expected[`${runtime}/${recording.title}`];
    const told = findings.map((finding) => finding.code);
    if (phase === 'Running' || phase === 'Suspended') expect({ told, waiting }).toEqual({ told: [], waiting: null });
    else if (code !== undefined) expect(told[0] ?? waiting?.code.toLowerCase()).toBe(code);
    else {
      expect(troubled).not.toContain(phase);
      expect(told).toEqual([]);
      expect(waiting).not.toBeNull();
    }
    for (const { title, evidence, fix } of findings) {
      expect(evidence.line).not.toBe('');
      expect(`${title} ${fix}`).not.toMatch(/undefined|null|\bNaN\b/);
    }
  });
});
