import { expect, test } from 'vitest';
import { run } from '../support/program.ts';

test('without a terminal the dashboard prints what there is, once', async () => {
  const [text, json, bare] = await Promise.all([
    run(['tui', '--sandbox', 'kuberay', '--speed', '100', '-o', 'table']),
    run(['tui', '--once', '--sandbox', 'both', '--speed', '100', '-o', 'json']),
    run(['--sandbox', 'empty']),
  ]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^dynamo +not_installed/m);
  expect(text.stdout).toMatch(/^kuberay +ready/m);
  expect(text.stdout).toContain('0 deployments');
  expect(JSON.parse(json.stdout)).toMatchObject({
    runtimes: { runtimes: [{ id: 'dynamo', state: 'ready' }, { id: 'kuberay' }] },
    deployments: { deployments: [], total: 0 },
  });
  expect(bare.stdout).toContain('Install it: kubefoundry install dynamo');
});

test('a cluster that cannot be opened is said, with exit code and hint', async () => {
  const { code, stderr } = await run(['tui']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^CLUSTER_UNREACHABLE: [^\n]+\n {2}\S/);
});
