import * as z from 'zod';
import type { KubernetesObject } from '../../kubernetes.ts';
import type { Snapshot } from '../provider.ts';

const text = z.string().nullish();
const number = z.number().nullish();
const flag = z.boolean().nullish();
const texts = z.record(z.string(), z.string()).nullish();
const map = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.looseObject(shape).nullish();
const list = <Item extends z.ZodType>(item: Item) => z.array(item).nullish();

const metadata = map({
  generation: number,
  creationTimestamp: text,
  deletionTimestamp: text,
  labels: texts,
  annotations: texts,
  ownerReferences: list(z.looseObject({ kind: text, name: text, uid: text })),
});

const conditions = list(
  z.looseObject({ type: text, status: text, reason: text, message: text, lastTransitionTime: text }),
);

const template = map({ spec: map({ containers: list(z.looseObject({ image: text })) }) });

const clusterSpec = map({
  suspend: flag,
  enableInTreeAutoscaling: flag,
  headGroupSpec: map({ template }),
  workerGroupSpecs: list(
    z.looseObject({
      groupName: text,
      replicas: number,
      minReplicas: number,
      maxReplicas: number,
      numOfHosts: number,
      template,
    }),
  ),
});

const state = map({ status: text, message: text });

const side = map({
  rayClusterName: text,
  applicationStatuses: z
    .record(
      z.string(),
      map({ status: text, message: text, serveDeploymentStatuses: z.record(z.string(), state).nullish() }),
    )
    .nullish(),
});

const containers = list(
  z.looseObject({ name: text, restartCount: number, state: map({ waiting: map({ reason: text, message: text }) }) }),
);

/** The fields that the status is read from, with their types; what else there is may be anything. */
const shapes: Readonly<Record<string, z.ZodType>> = {
  RayService: z.looseObject({
    metadata,
    spec: map({
      serveConfigV2: text,
      suspend: flag,
      rayClusterConfig: clusterSpec,
      upgradeStrategy: map({ type: text }),
    }),
    status: map({
      conditions,
      observedGeneration: number,
      numServeEndpoints: number,
      serviceStatus: text,
      activeServiceStatus: side,
      pendingServiceStatus: side,
    }),
  }),
  RayCluster: z.looseObject({ metadata, spec: clusterSpec, status: map({ conditions, state: text, reason: text }) }),
  Pod: z.looseObject({
    metadata,
    status: map({ conditions, phase: text, containerStatuses: containers, initContainerStatuses: containers }),
  }),
};

function misfit(object: KubernetesObject): string | undefined {
  const issue = shapes[object.kind]?.safeParse(object).error?.issues[0];
  if (issue === undefined) return undefined;
  const path = issue.path.map(String).join('.');
  return `${object.kind} ${object.metadata.name}: ${path} cannot be read (${issue.message.replace(/^Invalid input: /, '')})`;
}

/** The first field of a wrong type in a RayService or below it, with its path; undefined where all can be read. */
export function unreadableField(snapshot: Snapshot): string | undefined {
  for (const object of [snapshot.primary, ...snapshot.objects]) {
    const found = misfit(object);
    if (found !== undefined) return found;
  }
  return undefined;
}
