import { openCluster } from '../../src/cluster/open.ts';
import { createClock } from '../../src/sandbox/clock.ts';
import { startOperators } from '../../src/sandbox/controllers/start.ts';
import { createFailures } from '../../src/sandbox/failures.ts';
import { createRandom } from '../../src/sandbox/random.ts';

// Until its standard input closes: it acts while the operator's Kubernetes Deployment is available.
const cluster = await openCluster({ environment: process.env, fieldManager: 'sandbox' });
const clock = createClock(Number.POSITIVE_INFINITY);
const stop = startOperators({
  cluster,
  clock,
  random: createRandom(2),
  failures: createFailures(),
  operators: ['dynamo'],
  log: (line) => console.log(line),
});
process.stdin.resume().once('end', () => {
  stop();
  clock.stop();
  cluster.close();
});
