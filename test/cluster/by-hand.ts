import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openCluster } from '../../src/cluster/open.ts';
import type { Runtime } from '../../src/sandbox/operators.ts';
import { type BareCluster, chartVersions, startBareCluster } from './bare-cluster.ts';
import { charts } from './chart-repository.ts';
import { kuberayVersion } from './kuberay-operator.ts';

const usage = `npm run cluster [-- --with kuberay] [--with dynamo]

Starts a real control plane for use by hand, with charts to install runtimes from, until it is interrupted.
--with RUNTIME   installs the runtime at the start, with helm`;

/** The oldest chart of each, so that there is something to upgrade to. */
const preinstalled = { dynamo: '1.5.1', kuberay: kuberayVersion } as const satisfies Record<Runtime, string>;

const { values } = parseArgs({
  options: { with: { type: 'string', multiple: true, default: [] }, help: { type: 'boolean' } },
});
const isRuntime = (name: string): name is Runtime => name in preinstalled;
const wanted = values.with.filter(isRuntime);
if (values.help === true || wanted.length < values.with.length) {
  console.error(usage);
  process.exit(values.help === true ? 0 : 2);
}

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
const starting = startBareCluster({ kuberay: 'real', log: (line) => console.log(`· ${line}`) });
const cluster = await Promise.race([starting, interrupted]);
// One that is still coming up cannot be stopped in order; its processes end with this one.
if (cluster === undefined) process.exit(130);
try {
  for (const runtime of wanted) await install(cluster, runtime);
  console.log(await description(cluster));
  await interrupted;
} finally {
  await cluster.stop();
}

async function install({ helm, plane, charts: repository }: BareCluster, runtime: Runtime): Promise<void> {
  const chart = charts[runtime];
  const from = ['--repo', repository.url, '--version', preinstalled[runtime]];
  const into = ['--namespace', `${runtime}-system`, '--create-namespace', '--wait'];
  const env = { PATH: process.env.PATH, HOME: plane.directory, KUBECONFIG: plane.kubeconfig };
  await promisify(execFile)(helm, ['upgrade', '--install', ...from, ...into, chart, chart], { env });
}

async function description({ plane, charts: repository, helm, kubectl }: BareCluster): Promise<string> {
  const admin = await openCluster({ kubeconfig: [plane.kubeconfig] });
  const version = await admin.version();
  admin.close();
  const offered = chartVersions.map(({ runtime, version }) => `${charts[runtime]} ${version}`).join(', ');
  return `A real control plane at ${plane.server}, Kubernetes ${version}
  real        etcd, kube-apiserver, kube-controller-manager; logs in ${join(plane.directory, 'logs')}
              KubeRay operator ${kuberayVersion}, while its chart is installed in whatever version
  simulated   one node with 8 GPUs, scheduler, kubelet, the Ray in the pods; Dynamo operator, while its chart is installed
  charts      ${offered}

In another terminal:
  export KUBECONFIG=${plane.kubeconfig}
  export KUBEFOUNDRY_CHART_REPOSITORY=${repository.url}
  export PATH=${dirname(helm)}:${dirname(kubectl)}:$PATH
  npm run -s kubefoundry -- install kuberay

Ctrl-C ends it all and removes its data.`;
}
