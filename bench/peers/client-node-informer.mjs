import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

// A process with an informer on all pods. Argument: a kubeconfig. Prints one line when all are there; stdin ends it.
const config = new KubeConfig();
config.loadFromFile(process.argv[2]);
const api = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
informer.on('error', () => {});

const tickMilliseconds = 5;
let stall = 0;
let last = performance.now();
const tick = () => {
  const now = performance.now();
  stall = Math.max(stall, now - last - tickMilliseconds);
  last = now;
};
setInterval(tick, tickMilliseconds).unref();

const began = performance.now();
await informer.start();
const milliseconds = performance.now() - began;
tick();
const objects = informer.list().length;
console.log(JSON.stringify({ objects, milliseconds, peak: process.resourceUsage().maxRSS / 1024, stall }));
process.stdin.on('end', () => process.exit()).resume();
