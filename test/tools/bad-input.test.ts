import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHelmInstaller } from '../../src/cluster/helm.ts';
import { inContext } from '../../src/foundry/shell.ts';
import { writeHelm } from '../support/helm.ts';
import { dataOf, type Lab, startLab } from '../support/lab.ts';

let lab: Lab;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubefoundry-bad-input-'));
  const environment = { PATH: `${folder}:${process.env.PATH}` };
  lab = await startLab({
    runtimes: [],
    installer: (kubeconfig) => createHelmInstaller({ kubeconfig: [kubeconfig], environment }),
  });
});
afterAll(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await writeHelm(folder);
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  lab.api.faults.clear();
  for (const file of ['fails', 'releases', 'says', 'values']) await rm(join(folder, file), { force: true });
});

const token = 'hf_abcdefghijklmnopqrst';
const byHand = 'helm --kube-context kubefoundry-sandbox upgrade --install kuberay-operator kuberay-operator --repo ';

/** Nothing in the cluster was changed. */
async function nothingIsThere(): Promise<void> {
  expect(dataOf(await lab.call('get_runtimes_status', { runtime: 'kuberay' }))).toMatchObject({
    runtimes: [{ state: 'not_installed' }],
  });
}

describe('a helm that cannot install leaves the commands, and asks nobody', () => {
  const nobody = { ask: async () => 'declined' as const };

  test.each([
    [
      'too old',
      'v3.20.1',
      'HELM_MISSING',
      /is v3\.20\.1, which has known holes\. Install helm 3\.20\.2, 4\.1\.4 or newer/,
    ],
    [
      'no helm',
      `Usage: helm the ship ${token}`,
      'HELM_MISSING',
      /does not say which version it is, but: Usage: helm the ship \[redacted\]/,
    ],
    ['broken', undefined, 'HELM_FAILED', /^helm version failed: .*ENOENT.* Install helm 3\.20\.2, 4\.1\.4 or newer/],
  ])('%s', async (_, version, code, reason) => {
    if (version === undefined) await rm(join(folder, 'version'));
    else await writeFile(join(folder, 'version'), version);
    const answer = await lab.call('install_runtime', { runtime: 'kuberay' }, nobody);
    expect(dataOf(answer)).toMatchObject({ outcome: 'manual', code, reason: expect.stringMatching(reason) });
    expect(answer).toMatchObject({ text: expect.stringContaining(byHand) });
    expect(answer).toMatchObject({ text: expect.stringContaining(`\n${code}: `) });
    expect(JSON.stringify(answer)).not.toContain(token);
    const planned = await lab.call('install_runtime', { runtime: 'kuberay', planOnly: true });
    expect(planned).toMatchObject({
      unmet: true,
      data: {
        outcome: 'manual',
        code,
        reason: expect.stringMatching(reason),
        steps: [{ status: 'failed' }, {}, {}, {}, {}, {}, {}],
      },
      text: expect.stringMatching(/^1\. .*(?:has known holes|helm the ship \[redacted\]|Node\.js v[\d.]+): failed$/m),
    });
    await nothingIsThere();
  });
});

describe('a helm that fails in the middle is quoted without its secrets, with the step, what was done and the command', () => {
  test.each([
    [
      'says why',
      `Error: 401 from https://user:s3cret@charts.example: Authorization: Bearer ${token}`,
      /helm upgrade failed: Error: 401 from https:\/\/\[redacted\]@charts\.example/,
    ],
    [
      'cannot reach its charts',
      'Error: looks like "https://charts" cannot be reached: connection refused',
      /connection refused/,
    ],
  ])('%s', async (_, words, message) => {
    await writeFile(join(folder, 'says'), words);
    const answer = await lab.call('install_runtime', { runtime: 'kuberay' });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'HELM_FAILED', message: expect.stringMatching(message) },
    });
    expect(answer).toMatchObject({
      error: {
        message: expect.stringMatching(/^Step 5 of 7 \(Install the chart .* Nothing was done before it\. Left: Wait/),
        hint: expect.stringMatching(
          /call again: what is done already is not repeated.*By hand: helm --kube-context kubefoundry-sandbox upgrade --install/,
        ),
      },
    });
    expect(JSON.stringify(answer)).not.toMatch(/s3cret|hf_abc/);
    await nothingIsThere();
  });

  test.each([
    ['of fetching a chart', 'Error: failed to fetch https://mirror.example/charts/k.tgz : 404 Not Found', true],
    ['of a version', 'Error: chart "k" version "9.9.9" not found in https://mirror.example/charts repository', true],
    ['of the cluster', 'Error: resource Deployment/kuberay-operator not ready. status: InProgress', false],
    ['of a value', 'Error: values: image.repository: Invalid type', false],
  ])('fails for a reason %s: the mirror is asked about only where it may be that', async (_, words, asks) => {
    await writeFile(join(folder, 'fails'), words);
    const release = { name: 'kuberay-operator', namespace: 'kuberay-system', revision: '1', status: 'deployed' };
    await writeFile(join(folder, 'releases'), JSON.stringify([{ ...release, chart: 'kuberay-operator-1.7.0' }]));
    const mirrored = await startLab({
      runtimes: ['kuberay'],
      chartRepository: 'https://mirror.example/charts',
      installer: (kubeconfig) =>
        createHelmInstaller({ kubeconfig: [kubeconfig], environment: { PATH: `${folder}:${process.env.PATH}` } }),
    });
    try {
      const failed = await mirrored.call('install_runtime', { runtime: 'kuberay', version: '9.9.9' });
      if (failed.ok) throw new Error(failed.text);
      expect(failed.error.hint.includes('KUBEFOUNDRY_CHART_REPOSITORY')).toBe(asks);
      expect(failed.error.hint).toMatch(/^KubeFoundry does not know KubeRay 9\.9\.9/);
    } finally {
      await mirrored.stop();
    }
  });

  test('gets no chart from a mirror: the mirror, the versions that are known and all that is left to do are told', async () => {
    const words = 'Error: looks like "https://mirror.example/charts" is not a valid chart repository';
    await writeFile(join(folder, 'fails'), words);
    const release = { name: 'kuberay-operator', namespace: 'kuberay-system', revision: '1', status: 'deployed' };
    await writeFile(join(folder, 'releases'), JSON.stringify([{ ...release, chart: 'kuberay-operator-1.7.0' }]));
    const environment = { PATH: `${folder}:${process.env.PATH}` };
    const mirrored = await startLab({
      runtimes: ['kuberay'],
      chartRepository: 'https://mirror.example/charts',
      installer: (kubeconfig) => createHelmInstaller({ kubeconfig: [kubeconfig], environment }),
    });
    const install = { runtime: 'kuberay', version: '9.9.9' };
    const from = '--repo https://mirror.example/charts --version 9.9.9';
    const crds = inContext(
      `helm show crds kuberay-operator ${from} | kubectl apply --server-side --force-conflicts -f -`,
      'kubefoundry-sandbox',
    );
    try {
      const planned = await mirrored.call('install_runtime', { ...install, planOnly: true });
      expect(planned).toMatchObject({ text: expect.stringContaining(`Apply the CRDs of KubeRay 9.9.9: ${crds}\n`) });
      const failed = await mirrored.call('install_runtime', install);
      if (failed.ok) throw new Error(failed.text);
      const { code, message, hint } = failed.error;
      expect(code).toBe('HELM_FAILED');
      expect(message).toMatch(
        /helm show failed: Error: looks like .* chart repository\. Nothing was done before it\. Left: /,
      );
      expect(hint).toMatch(
        /^KubeFoundry does not know KubeRay 9\.9\.9; known versions: 1\.6\.0, .*1\.7\.0\. .* KUBEFOUNDRY_CHART_REPOSITORY/,
      );
      const [, byHand = ''] = hint.split('By hand: ');
      expect(byHand.split(' && ')).toEqual([
        crds,
        expect.stringMatching(/^kubectl --context kubefoundry-sandbox wait /),
        expect.stringContaining(
          `helm --kube-context kubefoundry-sandbox upgrade kuberay-operator kuberay-operator ${from}`,
        ),
        expect.stringMatching(/^kubectl --context kubefoundry-sandbox rollout status /),
      ]);
      expect(JSON.stringify([planned, failed])).not.toContain('github');
    } finally {
      await mirrored.stop();
    }
  });

  test('prints something else than its releases: nothing is installed over what nobody knows', async () => {
    await writeFile(join(folder, 'releases'), `Usage: helm the ship ${token}`);
    const why =
      'Which helm releases are there is not known, and nothing is changed over the unknown: helm list printed something else than its releases: Usage: helm the ship [redacted]';
    const planned = await lab.call('install_runtime', { runtime: 'kuberay', planOnly: true });
    expect(dataOf(planned)).toMatchObject({
      outcome: 'refused',
      code: 'HELM_FAILED',
      reason: expect.stringContaining(`${why} Run \`helm list --all-namespaces`),
    });
    expect(await lab.call('install_runtime', { runtime: 'kuberay' })).toMatchObject({
      ok: false,
      error: { code: 'HELM_FAILED', message: why, hint: expect.stringContaining('list --all-namespaces') },
    });
    await nothingIsThere();
  });
});

describe('an installation that was broken off before there was an operator is removed and done anew', () => {
  const release = { name: 'ray', namespace: 'team-a', revision: '1', status: 'pending-install' };
  const updated = '2026-11-01 12:00:00.123456789 +0000 UTC';
  beforeEach(() =>
    writeFile(join(folder, 'releases'), JSON.stringify([{ ...release, updated, chart: 'kuberay-operator-1.7.0' }])),
  );
  const plan = () => lab.call('install_runtime', { runtime: 'kuberay', planOnly: true });

  test.each(['null', '{}'])('where it has no values of its own: helm tells %s', async (values) => {
    await writeFile(join(folder, 'values'), values);
    expect(dataOf(await plan())).toMatchObject({
      outcome: 'planned',
      steps: expect.arrayContaining([
        expect.objectContaining({
          title: expect.stringMatching(/^Remove the release ray, .* pending-install since 2026-11-01T12:00:00Z$/),
        }),
      ]),
    });
  });

  test('but not with values of its own, which would be lost: the commands keep them', async () => {
    await writeFile(join(folder, 'values'), JSON.stringify({ image: { pullSecret: token } }));
    const refused = await lab.call('install_runtime', { runtime: 'kuberay' });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'NOT_SUPPORTED',
        message:
          'The release team-a/ray, whose installation was broken off, has values of its own: they would be lost with it.',
        hint: expect.stringMatching(
          /helm --kube-context \S+ get values ray --namespace team-a --output yaml > ray-values\.yaml && helm --kube-context \S+ uninstall ray .* && helm --kube-context \S+ upgrade --install ray kuberay-operator .* --values ray-values\.yaml/,
        ),
      },
    });
    expect(JSON.stringify([refused, await plan()])).not.toContain(token);
  });

  test('nor with values that helm does not tell', async () => {
    await writeFile(join(folder, 'values'), 'Usage: helm the ship');
    expect(await plan()).toMatchObject({
      ok: false,
      error: { code: 'HELM_FAILED', message: expect.stringContaining('helm printed something else') },
    });
  });
});

describe('what cannot be installed is said before anything changes', () => {
  const writes = () =>
    lab.api.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('accessreview'));

  test.each([
    ['kuberay', '1.6.0, 1.6.1, 1.6.2, 1.7.0'],
    ['dynamo', '1.5.1'],
  ])('a version of %s that nobody knows comes with those that are known', async (runtime, known) => {
    const planned = await lab.call('install_runtime', { runtime, version: '1.99.0', planOnly: true });
    expect(planned).toMatchObject({ text: expect.stringMatching(/does not know .* 1\.99\.0: .*known versions: /) });
    expect(planned).toMatchObject({ text: expect.stringContaining(known) });
  });

  test('Kubernetes is too old', async () => {
    lab.api.faults.add({
      match: { method: 'GET', path: '/version' },
      action: { kind: 'status', status: 200, body: { gitVersion: 'v1.21.3' } },
    });
    lab.api.clearRequests();
    const refused = await lab.call('install_runtime', { runtime: 'kuberay', version: '1.7.0' });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: 'NOT_SUPPORTED',
        message: 'KubeRay 1.7.0 needs Kubernetes 1.23 or newer; this is v1.21.3.',
        hint: expect.stringContaining('planOnly: true'),
      },
    });
    expect(writes()).toEqual([]);
  });
});
