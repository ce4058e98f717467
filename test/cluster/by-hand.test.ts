import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { openCluster } from '../../src/cluster/open.ts';
import { type Running, run, startNode } from '../support/program.ts';

const script = join(import.meta.dirname, 'by-hand.ts');
const rayServices = { group: 'ray.io', kind: 'RayService' };
const chat = { namespace: 'kuberay-system', name: 'chat' };
const spec = ['chat', '--model', 'Qwen/Qwen3-0.6B', '--runtime', 'kuberay'];

let cluster: Running;
let printed: string;
beforeAll(async () => {
  cluster = startNode(['--import', 'tsx', script], { env: process.env });
  printed = await cluster.printed(/Ctrl-C ends it all/);
});
afterAll(() => void cluster.process.kill());

test('a cluster by hand: KubeRay is installed with helm, serves by its real operator, is upgraded and uninstalled', async () => {
  const told = (name: string) => new RegExp(`export ${name}=(\\S+)`).exec(printed)?.[1] ?? '';
  const kubeconfig = told('KUBECONFIG');
  const env = {
    KUBECONFIG: kubeconfig,
    KUBEFOUNDRY_CHART_REPOSITORY: told('KUBEFOUNDRY_CHART_REPOSITORY'),
    PATH: told('PATH').replace('$PATH', process.env.PATH ?? ''),
  };
  const succeed = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await run(words, { env });
    expect({ words, code, stderr }).toMatchObject({ words, code: 0 });
    return stdout;
  };
  const admin = await openCluster({ kubeconfig: [kubeconfig] });
  onTestFinished(() => admin.close());

  expect(await run(['install', 'kuberay'], { env })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('CONFIRMATION_REQUIRED'),
  });
  await succeed('install', 'kuberay', '--version', '1.6.2', '--yes');
  await cluster.printed(/the real KubeRay operator starts/);
  expect(await succeed('runtimes')).toMatch(/^kuberay +ready +1\.6\.2 /m);

  const { manifests } = JSON.parse(await succeed('plan', ...spec, '-o', 'json'));
  expect(await succeed('deploy', ...spec, '--wait')).toContain('Running, 1/1 replicas ready');
  const service = await admin.get(rayServices, chat);
  expect(service?.spec).toMatchObject(parse(manifests).spec);
  expect(service?.metadata).toMatchObject({
    managedFields: expect.arrayContaining([expect.objectContaining({ manager: 'kuberay-operator' })]),
  });
  expect(service?.status).toMatchObject({
    conditions: expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'True' })]),
  });
  expect(await succeed('list')).toMatch(/^chat +kuberay-system +kuberay +1\/1 .* Running$/m);

  await succeed('install', 'kuberay', '--version', '1.7.0', '--yes');
  await cluster.printed(/operator starts\n(.*\n)*.*operator ends\n(.*\n)*.*operator starts/);
  expect(await succeed('get', 'chat')).toContain('Running, 1/1 replicas ready');

  expect(await run(['uninstall', 'kuberay'], { env })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('kuberay-system/chat'),
  });
  expect(await admin.get(rayServices, chat)).toMatchObject({ metadata: { uid: service?.metadata.uid } });
  await succeed('uninstall', 'kuberay', '--yes');
  expect(await admin.get(rayServices, chat)).toBeUndefined();
  // Kubernetes collects what the RayService owned, in its own time.
  const pods = () => admin.list({ group: '', kind: 'Pod' }, { namespace: chat.namespace });
  await vi.waitFor(async () => expect(await pods()).toEqual([]), { timeout: 30_000, interval: 200 });

  cluster.process.kill('SIGINT');
  expect(await cluster.ended).toMatchObject({ code: 0 });
  expect(existsSync(kubeconfig)).toBe(false);
});
