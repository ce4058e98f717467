import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openCluster } from '../../src/cluster/open.ts';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { startApiServer } from '../../src/sandbox/api/server.ts';

test('the current context and its name are one site', async () => {
  const api = await startApiServer();
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-sites-'));
  const file = join(folder, 'kubeconfig');
  await writeFile(file, api.kubeconfig(), { mode: 0o600 });
  const open = vi.fn((context: string | undefined) => openCluster({ kubeconfig: [file], context }));
  const installer = { name: 'nobody', ready: async () => ({ ok: true }) as const, carryOut: async () => {} };
  const foundry = createFoundry({ open, installer, protect: [] });
  const current = await foundry.site(undefined);
  expect(await foundry.site(current.context)).toBe(current);
  expect(open).toHaveBeenCalledOnce();
  await expect(foundry.site('nowhere')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  foundry.close();
  await api.stop();
  await rm(folder, { recursive: true });
});
