import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxOptions, simulatorUser, startSandbox } from '../../src/sandbox/sandbox.ts';

/** A sandbox of the test's own, with its kubeconfig in a file for the program: requests can be counted, failures wished for. */
export async function startWorld(options: SandboxOptions) {
  const sandbox = await startSandbox(options);
  const folder = await mkdtemp(join(tmpdir(), 'kubefoundry-test-'));
  const write = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  return {
    sandbox,
    /** Writes another kubeconfig beside the administrator's and tells where. */
    write,
    kubeconfig: await write('kubeconfig', sandbox.kubeconfig),
    /** Requests of the program; the simulators' own are left out. */
    requests: () => sandbox.api.requests.filter(({ user }) => user !== simulatorUser),
    async stop() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The text of a kubeconfig whose server nobody has started. */
export const nowhere = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'nowhere',
  clusters: [{ name: 'nowhere', cluster: { server: 'https://127.0.0.1:9' } }],
  users: [{ name: 'nobody', user: { token: 'none' } }],
  contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }],
});
