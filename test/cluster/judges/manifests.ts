import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const metadata = (name: string) => ({ name, namespace: 'judged' });

const web = (image: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...metadata('web'), labels: { app: 'web' } },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            name: 'server',
            image,
            args: ['--port', '8080'],
            env: [
              { name: 'MODE', value: 'plain' },
              { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'settings', key: 'level' } } },
            ],
            ports: [{ name: 'http', containerPort: 8080 }],
            resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
          },
        ],
      },
    },
  },
});

const settings = (data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadata('settings'),
  data,
});

const partProperties = { name: { type: 'string' }, weight: { type: 'integer' } };
const lampSpec = {
  type: 'object',
  required: ['bulbs'],
  properties: {
    bulbs: { type: 'integer', minimum: 0, description: 'How many bulbs it has.' },
    color: { type: 'string', enum: ['red', 'blue'] },
    parts: {
      type: 'array',
      items: { type: 'object', required: ['name'], properties: partProperties },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
  },
};
const lampStatus = { type: 'object', properties: { state: { type: 'string' }, bulbs: { type: 'integer' } } };

/** A definition with all that kubectl makes use of: printer columns, scale and status, short names, a category. */
export const lamps = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'lamps.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: {
      plural: 'lamps',
      singular: 'lamp',
      kind: 'Lamp',
      listKind: 'LampList',
      shortNames: ['lp'],
      categories: ['all'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: '.spec.bulbs', statusReplicasPath: '.status.bulbs' } },
        additionalPrinterColumns: [
          { name: 'Bulbs', type: 'integer', jsonPath: '.spec.bulbs' },
          { name: 'State', type: 'string', jsonPath: '.status.state' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A lamp.',
            properties: { spec: lampSpec, status: lampStatus },
          },
        },
      },
    ],
  },
};

const lamp = (spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Lamp', metadata: metadata('desk'), spec });

const files: Readonly<Record<string, object>> = {
  'web.json': web('registry.example/web:1', 2),
  'web-upgraded.json': web('registry.example/web:2', 3),
  'service.json': {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata('web'),
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  },
  'settings.json': settings({ level: 'info', color: 'blue' }),
  'settings-debug.json': settings({ level: 'debug' }),
  'settings-unknown-field.json': { ...settings({ level: 'info' }), metadata: metadata('strict'), dato: { c: 'd' } },
  'pod.json': {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata('solo'), labels: { run: 'solo' } },
    spec: { containers: [{ name: 'main', image: 'registry.example/solo:1', command: ['run'] }] },
  },
  'invalid-deployment.json': {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata('invalid'),
    spec: {
      replicas: -1,
      selector: { matchLabels: { app: 'a' } },
      template: {
        metadata: { labels: { app: 'b' } },
        spec: { containers: [{ name: 'UPPER', image: '' }], restartPolicy: 'Never' },
      },
    },
  },
  'crd.json': lamps,
  'lamp.json': lamp({ bulbs: 2, color: 'red', parts: [{ name: 'foot', weight: 3 }, { name: 'arm' }] }),
  'invalid-lamp.json': lamp({ bulbs: -1, color: 'green' }),
  'lamp-unknown-field.json': lamp({ bulbs: 1, size: 3 }),
};

/** Writes what the commands name into a folder. */
export async function writeManifests(folder: string): Promise<void> {
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), JSON.stringify(content));
}
