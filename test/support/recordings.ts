import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import { phases } from '../../src/providers/spec.ts';
import { foldersIn, kubernetesObjects, truthFolder, yamlDocuments } from './truth.ts';

/** `expected.yaml`: keys that are absent are not asserted. */
const expectedAnswer = z.strictObject({
  runtime: z.string(),
  name: z.string(),
  namespace: z.string(),
  phase: z.union([z.enum(phases), z.array(z.enum(phases))]).optional(),
  replicas: z.strictObject({ desired: z.int().nullish(), ready: z.int().nullish() }).optional(),
  endpoint: z.strictObject({ service: z.string(), port: z.int() }).nullish(),
  upgrading: z.boolean().optional(),
  stale: z.boolean().optional(),
  managed: z.boolean().optional(),
  mode: z.string().nullish(),
  model: z.string().nullish(),
  engine: z.string().nullish(),
  reason: z.array(z.string()).optional(),
});
type ExpectedAnswer = z.output<typeof expectedAnswer>;

/** One deployment at one moment, as a real operator wrote it. */
export interface Recording {
  readonly title: string;
  readonly primary: KubernetesObject;
  /** What belongs to it, or lies beside it. */
  readonly objects: readonly KubernetesObject[];
  readonly expected: ExpectedAnswer;
}

/**
 * Every recording of a runtime.
 * @throws where the runtime has none.
 */
export function recordingsOf(runtime: string): readonly Recording[] {
  const folder = truthFolder('recordings', runtime);
  const cases = foldersIn(folder).filter((name) => existsSync(join(folder, name, 'snapshot.yaml')));
  if (cases.length === 0) throw new Error(`${folder} holds no recording; every runtime must have some.`);
  return cases.map((name) => {
    const [primary, ...objects] = kubernetesObjects(join(folder, name, 'snapshot.yaml'));
    if (!primary) throw new Error(`${folder}/${name}/snapshot.yaml is empty`);
    const expected = expectedAnswer.parse(yamlDocuments(join(folder, name, 'expected.yaml'))[0]);
    return { title: name, primary, objects, expected };
  });
}

const timestamp = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** A moment shortly after the newest timestamp that the objects carry. */
export function shortlyAfter(objects: readonly KubernetesObject[]): Date {
  const times = (JSON.stringify(objects).match(timestamp) ?? []).map((time) => Date.parse(time));
  return new Date(times.reduce((newest, time) => Math.max(newest, time), 0) + 2_000);
}

/**
 * Recordings as the contents of one cluster: many were made one after the other with the same namespace, name and uid,
 * so each gets a namespace and uids of its own.
 */
export function inOneCluster(recordings: readonly Recording[]): readonly Recording[] {
  return recordings.map((recording, index) => {
    const namespace = recording.primary.metadata.namespace ?? '';
    const own = `${namespace}-${index}`;
    const renamed = (object: KubernetesObject): KubernetesObject =>
      JSON.parse(JSON.stringify(object), (key, value: unknown) => {
        if (key === 'namespace' && value === namespace) return own;
        if (key === 'uid' && typeof value === 'string') return `${value}-${index}`;
        return value;
      });
    return { ...recording, primary: renamed(recording.primary), objects: recording.objects.map(renamed) };
  });
}
