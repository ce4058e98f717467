import { expect, test } from 'vitest';
import { schemaOf } from './crd-schema.ts';

const widgets = schemaOf({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    versions: [
      {
        name: 'v1',
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', format: 'int32', minimum: 0 },
                  port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
                  note: { type: 'string', nullable: true },
                  labels: { type: 'object', additionalProperties: { type: 'string' } },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  bare: { type: 'object' },
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: { type: 'object', properties: { name: { type: 'string' } } },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
});
const widget = (spec: object) =>
  widgets({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w', labels: { a: 'b' } }, spec });

test('a schema takes what the API server keeps', () => {
  const spec = { size: 1, port: '80%', note: null, labels: { any: 'label' }, free: { any: { depth: 1 } }, bare: {} };
  expect(widget({ ...spec, parts: [{ name: 'a' }, { name: 'b' }] })).toEqual([]);
});

test.each([
  [{ size: 1, sise: 2 }, /spec must NOT have additional properties.*sise/],
  [{ size: 1, bare: { lost: true } }, /bare must NOT have additional properties.*lost/],
  [{ size: '1' }, /size must be integer/],
  [{ size: 2 ** 31 }, /size must match format "int32"/],
  [{ size: 1, labels: { count: 3 } }, /labels\/count must be string/],
  [{ size: 1, port: true }, /port must be/],
  [{ size: 1, parts: [{ name: 'a' }, { name: 'a' }] }, /parts must pass/],
  [{}, /must have required property 'size'/],
])('a schema refuses %j, which the API server would refuse or prune', (spec, complaint) => {
  expect(widget(spec).join('\n')).toMatch(complaint);
});

test('a schema knows only the versions of its CRD', () => {
  const object = { apiVersion: 'example.com/v2', kind: 'Widget', metadata: { name: 'w' } };
  expect(widgets(object)).toEqual(['widgets.example.com has no version example.com/v2']);
});
