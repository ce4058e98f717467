import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from './commands.ts';
import { lamps } from './manifests.ts';

const labels = { app: '{{ .Release.Name }}' };
const named = { name: '{{ .Release.Name }}', namespace: '{{ .Release.Namespace }}', labels };

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: named,
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'server', image: 'registry.example/shop:{{ .Values.tag }}' }] },
    },
  },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...named, labels: {} },
  spec: { containers: [{ name: 'shelf', image: 'registry.example/shelf:1' }] },
};
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: named, data: { tag: '{{ .Values.tag }}' } };

/** Writes the chart `shop` into a folder: a Deployment, a Pod, a ConfigMap, and a definition in `crds/`. JSON is YAML. */
export async function writeChart(folder: string): Promise<void> {
  const chart = { apiVersion: 'v2', name: 'shop', version: '1.0.0', appVersion: '7' };
  const files: Readonly<Record<string, object>> = {
    'Chart.yaml': chart,
    'values.yaml': { tag: '1' },
    'templates/deployment.yaml': deployment,
    'templates/pod.yaml': pod,
    'templates/settings.yaml': configMap,
    'crds/lamps.yaml': lamps,
  };
  await mkdir(join(folder, 'shop', 'templates'), { recursive: true });
  await mkdir(join(folder, 'shop', 'crds'));
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(folder, 'shop', file), JSON.stringify(content));
  }
}

/** The life of a release. */
export const installingCommands: readonly Command[] = [
  { line: 'list --all-namespaces' },
  { line: 'install store shop --namespace market --create-namespace --wait --timeout 20s' },
  { line: 'install store shop --namespace market', fails: true },
  { line: 'list --namespace market' },
  { line: 'list --all-namespaces --output json' },
  { line: 'status store --namespace market', unordered: true },
  { line: 'get manifest store --namespace market' },
  { line: 'get values store --namespace market --all' },
  { line: 'upgrade store shop --namespace market --set tag=2 --wait --timeout 20s' },
  { line: 'upgrade store shop --namespace market --set tag=3 --dry-run=server' },
  { line: 'history store --namespace market' },
  { line: 'rollback store 1 --namespace market --wait --timeout 20s' },
  { line: 'history store --namespace market --output json' },
];

/** The end of all releases. */
export const uninstallingCommands: readonly Command[] = [
  { line: 'upgrade --install other shop --namespace market' },
  { line: 'uninstall other --namespace market --wait --timeout 20s' },
  { line: 'uninstall store --namespace market --wait --timeout 20s' },
  { line: 'uninstall store --namespace market', fails: true },
  { line: 'list --namespace market' },
];
