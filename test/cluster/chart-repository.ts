import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { kuberayCrds } from '../../src/sandbox/crds/kuberay.ts';
import { operatorObjects, type Runtime } from '../../src/sandbox/operators.ts';
import { freePort } from './ports.ts';

/** Charts over HTTP, as helm expects them. */
export interface ChartRepository {
  readonly url: string;
  /** Nobody answers until `open`. */
  close(): Promise<void>;
  open(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** One version of a runtime's chart. */
export interface ChartVersion {
  readonly runtime: Runtime;
  readonly version: string;
  /** Folder of the CRDs that it brings; default: the sandbox's short ones. */
  readonly crds?: string;
}

/** The name of each chart. */
export const charts: Readonly<Record<Runtime, string>> = { dynamo: 'dynamo-platform', kuberay: 'kuberay-operator' };

const run = promisify(execFile);

/**
 * Serves small charts with the names and labels of the real ones. KubeRay's has its CRDs in `crds/`, where helm leaves
 * them alone after the first installation; Dynamo's has none: its operator applies them.
 */
export async function startChartRepository(helm: string, versions: readonly ChartVersion[]): Promise<ChartRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'chart-repository-'));
  const sources: string[] = [];
  for (const version of versions) sources.push(await writeChart(folder, version));
  await run(helm, ['package', '--destination', folder, ...sources]);
  await run(helm, ['repo', 'index', folder]);

  const port = await freePort();
  const server = createServer((request, response) => {
    readFile(join(folder, basename(request.url ?? ''))).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  const open = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    open,
    close,
    async stop() {
      if (server.listening) await close();
      await rm(folder, { recursive: true });
    },
  };
}

/** JSON is YAML, and helm fills in its templates before it reads either. */
async function writeChart(folder: string, { runtime, version, crds }: ChartVersion): Promise<string> {
  const name = charts[runtime];
  const source = join(folder, version, name);
  const write = async (file: string, ...objects: readonly unknown[]) =>
    writeFile(join(source, file), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  await mkdir(join(source, 'templates'), { recursive: true });
  await mkdir(join(source, 'crds'));
  await write('Chart.yaml', { apiVersion: 'v2', name, version });
  const release = { release: '{{ .Release.Name }}', namespace: '{{ .Release.Namespace }}' };
  await write('templates/operator.yaml', ...operatorObjects({ runtime, version, ...release }));
  await write('templates/rbac.yaml', ...clusterRights(name));
  if (crds !== undefined) await cp(crds, join(source, 'crds'), { recursive: true });
  else if (runtime === 'kuberay') await write('crds/crds.yaml', ...kuberayCrds(version));
  return source;
}

/** What the operator may do in the cluster: one of its kinds is enough here. */
function clusterRights(name: string): readonly unknown[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }];
  const subject = { kind: 'ServiceAccount', name, namespace: '{{ .Release.Namespace }}' };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  return [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
    { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects: [subject] },
  ];
}
