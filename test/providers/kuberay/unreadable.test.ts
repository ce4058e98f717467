import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deployment, describeDeployment } from '../../../src/foundry/deployment.ts';
import type { KubernetesObject } from '../../../src/kubernetes.ts';
import { kuberay } from '../../../src/providers/kuberay/provider.ts';
import { phases } from '../../../src/providers/spec.ts';
import { have, head, now, pod, rayCluster, rayService, statusOf } from './fixtures.ts';

test('a field of a wrong type is named in the row, and the phase is told from the rest', () => {
  const objects = [rayCluster(), head(), pod('a')];
  expect(statusOf(rayService({ over: { serveConfigV2: 5 } }), objects)).toMatchObject({
    phase: 'Running',
    reason: 'Unreadable',
    message: expect.stringContaining(
      'RayService qwen: spec.serveConfigV2 cannot be read (expected string, received number)',
    ),
  });
  const broken = rayService({ status: { conditions: 'none' } });
  expect(statusOf(broken, objects)).toMatchObject({
    reason: 'Unreadable',
    message: expect.stringContaining('status.conditions'),
  });
  const badPod = { ...pod('b'), status: { containerStatuses: 7 } };
  expect(statusOf(rayService(), [...objects, badPod]).message).toContain('Pod b: status.containerStatuses');
});

/** What no text can be made of: `String` and `join` throw. */
const unprintable = { toString: 0 };

type Path = readonly string[];

const pathsOf = (value: unknown, path: Path = []): readonly Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, field]) => [[...path, key], ...pathsOf(field, [...path, key])])
    : [];

/** The object with another value at a path; names, namespaces and kinds stay, without which it is no object at all. */
function withValue(object: KubernetesObject, path: Path, value: unknown): KubernetesObject {
  const copy = JSON.parse(JSON.stringify(object));
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key];
  parent[path.at(-1) ?? ''] = value;
  return {
    ...copy,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...Object(copy.metadata), name: object.metadata.name, namespace: object.metadata.namespace },
  };
}

test('no value in any field makes reading throw', async () => {
  const objects = [
    rayService({ pending: { rayClusterName: 'qwen-b' } }),
    rayCluster(),
    head(),
    pod('a', { restarts: 2 }),
  ];
  const places = objects.flatMap((object, index) => pathsOf(object).map((path) => ({ index, path })));
  const strange = fc.oneof(
    fc.constantFrom(null, 0, -1, 1.5, 1e300, '1e300', '', 'x', true, [], {}, [null], { a: [1] }, unprintable, [
      [unprintable],
    ]),
    fc.jsonValue({ maxDepth: 2 }),
  );
  await fc.assert(
    fc.property(fc.constantFrom(...places), strange, ({ index, path }, value) => {
      const [primary, ...below] = objects.map((object, position) =>
        position === index ? withValue(object, path, value) : object,
      );
      if (primary === undefined) throw new Error('there is no primary');
      const read = have(below);
      kuberay.reading.reads([primary], read);
      const [snapshot] = kuberay.reading.snapshots([primary], read, now);
      if (snapshot === undefined) throw new Error('there is no snapshot');
      expect(phases).toContain(kuberay.reading.status(snapshot).phase);
      kuberay.reading.endpoint(snapshot);
      kuberay.reading.pods(snapshot);
      expect(deployment.safeParse(describeDeployment(kuberay, snapshot)).error).toBeUndefined();
    }),
    { numRuns: 1500, seed: 7 },
  );
});
