import { beforeAll, describe, expect, test } from 'vitest';
import { FoundryError } from '../../src/errors.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';
import type { Changes, Provider, Snapshot } from '../../src/providers/provider.ts';
import { runtimeIds } from '../../src/providers/spec.ts';
import { keptOf, rowOf } from '../support/kept.ts';
import { loadProvider } from '../support/providers.ts';
import { inOneCluster, type Recording, recordingsOf, shortlyAfter } from '../support/recordings.ts';
import { read } from '../support/responder.ts';

function snapshotOf(provider: Provider, { primary, objects }: Recording, now: Date): Snapshot {
  const [snapshot] = provider.reading.snapshots([primary], read(provider, [primary], objects), now);
  if (!snapshot) throw new Error(`${provider.id} gave no snapshot for ${primary.metadata.name}`);
  return snapshot;
}

/** Everything that KubeFoundry says about a recording, in the words of expected.yaml. */
function answerTo(provider: Provider, recording: Recording) {
  const { primary } = recording;
  const snapshot = snapshotOf(provider, recording, shortlyAfter([primary, ...recording.objects]));
  expect(rowOf(provider, keptOf(provider, snapshot)), 'what live views keep says the same').toEqual(
    rowOf(provider, snapshot),
  );
  const status = provider.reading.status(snapshot);
  const endpoint = provider.reading.endpoint(snapshot);
  const parsed = provider.deploying.parse(primary);
  return {
    ...status,
    runtime: provider.id,
    name: primary.metadata.name,
    namespace: primary.metadata.namespace,
    endpoint: endpoint && { service: endpoint.service, port: endpoint.port },
    managed: primary.metadata.labels?.['app.kubernetes.io/managed-by'] === 'kubefoundry',
    mode: parsed.mode,
    model: parsed.model,
    engine: parsed.engine,
  };
}

function changesOf(make: () => Changes): Changes | FoundryError {
  try {
    return make();
  } catch (error) {
    if (error instanceof FoundryError) return error;
    throw error;
  }
}

describe.each(runtimeIds)('recordings of the %s operator', (runtime) => {
  const recordings = recordingsOf(runtime);
  let provider: Provider;
  beforeAll(async () => {
    provider = await loadProvider[runtime]();
  });

  test.each(recordings)('$title reads as the operator meant it', (recording) => {
    const { phase, reason, ...exact } = recording.expected;
    const answer = answerTo(provider, recording);
    const said = `${answer.phase}: ${answer.reason}: ${answer.message}`;
    if (phase !== undefined) expect.soft([phase].flat(), said).toContain(answer.phase);
    if (reason !== undefined) {
      const matching = reason.filter((word) => said.toLowerCase().includes(word.toLowerCase()));
      expect.soft(matching, `"${said}" names none of ${reason.join(', ')}`).not.toEqual([]);
    }
    expect.soft(answer).toMatchObject(exact);
    expect(answer.message).not.toBe('');
  });

  test.each(recordings)('$title is scaled and restarted, or it is said why not', (recording) => {
    const snapshot = snapshotOf(provider, recording, shortlyAfter([recording.primary]));
    const facts = { crds: [], operators: [], unread: [] };
    for (const make of [
      () => provider.changing.scale(snapshot, { replicas: 7 }, facts),
      () => provider.changing.scale(snapshot, { replicas: 7, role: 'decode' }, facts),
      () => provider.changing.scale(snapshot, { replicas: 0 }, facts),
      () => provider.changing.restart(snapshot, facts),
    ]) {
      const made = changesOf(make);
      if (made instanceof FoundryError) expect(made.hint).not.toBe('');
      else
        for (const { object } of made.edits)
          expect(object.metadata.namespace).toBe(recording.primary.metadata.namespace);
    }
  });

  test('every row of one list over all of them has the phase it has alone', () => {
    const cluster = inOneCluster(recordings);
    const primaries = cluster.map((recording) => recording.primary);
    const everything: KubernetesObject[] = cluster.flatMap((recording) => [recording.primary, ...recording.objects]);
    const now = shortlyAfter(everything);
    const have = read(provider, primaries, everything);
    const rows = provider.reading.snapshots(primaries, have, now).map((snapshot) => provider.reading.status(snapshot));
    const alone = cluster.map((recording) => provider.reading.status(snapshotOf(provider, recording, now)));
    const named = (statuses: typeof rows) =>
      statuses.map((status, index) => ({ case: recordings[index]?.title, ...status }));
    expect(named(rows)).toEqual(named(alone));
  });

  test('a list costs at most five requests, with that of the primaries', () => {
    const primaries = recordings.map((recording) => recording.primary);
    const { answered } = read(
      provider,
      primaries,
      recordings.flatMap((recording) => recording.objects),
    );
    expect(answered.length + 1).toBeLessThanOrEqual(5);
  });
});
