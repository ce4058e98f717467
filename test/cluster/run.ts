import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openCluster } from '../../src/cluster/open.ts';
import { FoundryError } from '../../src/errors.ts';

const deadline = 10_000;
const words = process.argv.slice(2);

if (words.includes('--existing')) {
  await greet();
  await runTests('existing', ['--reporter=verbose', ...words.filter((word) => word !== '--existing')]);
} else {
  // Each control plane takes a core while it starts, and then waits most of the time.
  await runTests('cluster', ['--maxWorkers=3', ...words]);
}

/** Says which cluster the tests will run on, or why they cannot. */
async function greet(): Promise<void> {
  try {
    if (!process.env.KUBECONFIG) {
      throw new FoundryError(
        'INPUT_INVALID',
        'KUBECONFIG is not set: the tests run on no cluster that nobody named.',
        'KUBECONFIG=… npm run test:cluster -- --existing',
      );
    }
    const cluster = await openCluster({ environment: process.env });
    const version = await cluster.version({ deadline });
    cluster.close();
    console.log(`On context ${cluster.context}, ${cluster.server}, Kubernetes ${version}.
The tests read, try and are refused. They install nothing, change nothing that is there, and make only namespaces of
their own, kf-test-…, in which a quota keeps every pod from starting, and which they delete.`);
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    console.error(`${error.message}\n  ${error.hint}`);
    process.exit(1);
  }
}

async function runTests(project: string, options: readonly string[]): Promise<void> {
  const vitest = spawn('vitest', ['run', '--project', project, ...options], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => vitest.kill(signal));
  const [code] = await once(vitest, 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}
