import * as z from 'zod';
import { textAt } from '../kubernetes.ts';
import type { ParsedManifest, Provider, Snapshot, Status } from '../providers/provider.ts';
import { engines, modes, phases, roles, runtimeIds } from '../providers/spec.ts';
import { plainLine } from './untrusted-text.ts';

const count = z.int().nullable();

/** A deployment as every tool and view tells it (design §3). `null` = unknown. */
export const deployment = z.object({
  name: z.string(),
  namespace: z.string(),
  runtime: z.enum(runtimeIds),
  kind: z.string(),
  apiVersion: z.string(),
  model: z.string().nullable(),
  servedModelName: z.string().nullable(),
  engine: z.enum(engines).nullable(),
  mode: z.enum(modes).nullable(),
  phase: z.enum(phases).nullable().describe('null: the object cannot be read; reason and message say why'),
  reason: z.string(),
  message: z.string(),
  upgrading: z.boolean(),
  stale: z.boolean(),
  managed: z.boolean().describe('made by KubeFoundry'),
  replicas: z.object({ desired: count, ready: count }),
  roles: z.array(z.object({ role: z.enum(roles), desired: count, ready: count, gpus: count })),
  gpus: count.describe('of all replicas'),
  endpoint: z.object({ service: z.string(), namespace: z.string(), port: z.int() }).nullable(),
  createdAt: z.string().nullable(),
});

export type Deployment = z.output<typeof deployment>;

/** What every object of ours carries. */
export const managedBy = { 'app.kubernetes.io/managed-by': 'kubefoundry' } as const;

export const isManaged = (labels: Readonly<Record<string, string>> | undefined): boolean =>
  labels?.['app.kubernetes.io/managed-by'] === 'kubefoundry';

/** Others may write numbers that count nothing: 1.5, or more than there can be. */
const counted = (value: number | null): number | null => (Number.isSafeInteger(value) ? value : null);

const countsOf = ({ replicas, roles: all }: Status): Pick<Deployment, 'replicas' | 'roles'> => ({
  replicas: { desired: counted(replicas.desired), ready: counted(replicas.ready) },
  roles: all.map(({ role, desired, ready, gpus }) => ({
    role,
    desired: counted(desired),
    ready: counted(ready),
    gpus: counted(gpus),
  })),
});

/** Characters of a message: operators name each component before they say what ails one. */
const longestMessage = 600;

/** The row of one snapshot. Never throws: what a provider cannot decode becomes a row that says so. */
export function describeDeployment(provider: Provider, snapshot: Snapshot): Deployment {
  const { primary } = snapshot;
  const { metadata } = primary;
  const read = readStatus(provider, snapshot);
  const parsed = read.parsed;
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    runtime: provider.id,
    kind: primary.kind,
    apiVersion: primary.apiVersion,
    model: parsed?.model == null ? null : plainLine(parsed.model, 200),
    servedModelName: parsed?.servedModelName == null ? null : plainLine(parsed.servedModelName, 200),
    engine: parsed?.engine ?? null,
    mode: parsed?.mode ?? null,
    phase: read.status?.phase ?? null,
    reason: plainLine(read.status?.reason ?? 'Unreadable', 100),
    message: plainLine(read.status?.message ?? read.problem, longestMessage),
    upgrading: read.status?.upgrading ?? false,
    stale: read.status?.stale ?? false,
    managed: isManaged(metadata.labels),
    ...(read.status ? countsOf(read.status) : { replicas: { desired: null, ready: null }, roles: [] }),
    gpus: counted(parsed?.gpus ?? null),
    endpoint: read.endpoint !== null && counted(read.endpoint.port) !== null ? read.endpoint : null,
    createdAt: textAt(metadata, 'creationTimestamp') ?? null,
  };
}

interface Reading {
  readonly status?: Status;
  readonly parsed?: ParsedManifest;
  readonly endpoint: Deployment['endpoint'];
  readonly problem: string;
}

function readStatus(provider: Provider, snapshot: Snapshot): Reading {
  const problem = `This ${snapshot.primary.kind} cannot be decoded: a field has another type than ${provider.title} writes.`;
  try {
    return {
      status: provider.reading.status(snapshot),
      parsed: provider.deploying.parse(snapshot.primary),
      endpoint: provider.reading.endpoint(snapshot),
      problem,
    };
  } catch {
    return { endpoint: null, problem };
  }
}
