import { expect, test } from 'vitest';
import { diagnose } from '../../../src/foundry/diagnosis/diagnosis.ts';
import { evidenceOf } from '../../../src/foundry/diagnosis/subject.ts';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { firstDeploy, have, now, rayService } from '../../providers/kuberay/fixtures.ts';

const waits = (primary: KubernetesObject) => {
  const [snapshot] = kuberay.reading.snapshots([primary], have([]), now);
  if (!snapshot) throw new Error('there is no snapshot');
  return diagnose(evidenceOf(kuberay, snapshot, [])).waiting;
};

const secondsAgo = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();

/** Made half an hour ago; its status was written just now. */
const written = (seconds: number) => ({
  managedFields: [
    { manager: 'kubefoundry', operation: 'Apply', time: secondsAgo(seconds) },
    { manager: 'kuberay', operation: 'Update', subresource: 'status', time: secondsAgo(1) },
  ],
});

test('what was changed a moment ago is waited for since then, however old the deployment is', () => {
  const edited = rayService({ metadata: { generation: 3, ...written(5) } });
  expect(waits(edited)).toMatchObject({ code: 'OPERATOR_ACTS', since: 5 });
  expect(waits(firstDeploy({ metadata: written(5) }))).toMatchObject({ code: 'PODS_APPEAR', since: 5 });
});
