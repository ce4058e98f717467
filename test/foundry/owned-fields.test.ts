import { expect, test } from 'vitest';
import { patchOf } from '../../src/foundry/field-changes.ts';
import { appliedVersion, ownEdited } from '../../src/foundry/owned-fields.ts';
import type { KubernetesObject } from '../../src/kubernetes.ts';

/** As a server keeps it: ours are one label, the image, one variable and the replicas of `main`, and a list as a whole. */
const fieldsV1 = {
  'f:metadata': { 'f:labels': { 'f:ours': {} } },
  'f:spec': {
    'f:groups': {},
    'f:suspend': {},
    'f:parts': {
      'k:{"name":"main"}': {
        '.': {},
        'f:name': {},
        'f:replicas': {},
        'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
      },
    },
    'f:finalizers': { 'v:"kept"': {} },
  },
};
const spec = {
  groups: [{ groupName: 'gpu', replicas: 1 }],
  suspend: true,
  finalizers: ['kept', 'theirs'],
  parts: [
    { name: 'theirs', replicas: 5 },
    {
      name: 'main',
      replicas: 1,
      image: 'set by others',
      ports: [
        { port: 80, protocol: 'TCP' },
        { port: 80, protocol: 'UDP' },
      ],
    },
  ],
};
const object = (operation: string): KubernetesObject => ({
  apiVersion: 'nvidia.com/v1beta1',
  kind: 'DynamoGraphDeployment',
  metadata: {
    name: 'chat',
    namespace: 'models',
    uid: 'u-1',
    labels: { ours: 'yes', theirs: 'yes' },
    ...{ managedFields: [{ manager: 'kubefoundry', operation, apiVersion: 'nvidia.com/v1beta1', fieldsV1 }] },
  },
  spec,
});
const change = (path: readonly (string | number)[], value: unknown) => [{ path: ['spec', ...path], value }];

test('what is applied is what we applied before, with the change, and nothing of others', () => {
  const applied = ownEdited({ object: object('Apply'), changes: change(['parts', 1, 'replicas'], 3) });
  expect(applied).toEqual({
    apiVersion: 'nvidia.com/v1beta1',
    kind: 'DynamoGraphDeployment',
    metadata: { name: 'chat', namespace: 'models', uid: 'u-1', labels: { ours: 'yes' } },
    spec: {
      groups: [{ groupName: 'gpu', replicas: 1 }],
      suspend: true,
      finalizers: ['kept'],
      parts: [{ name: 'main', replicas: 3, ports: [{ port: 80, protocol: 'TCP' }] }],
    },
  });
});

test('a list that is ours as a whole, a field that is new and one that goes are applied too', () => {
  const edits = [
    ...change(['groups', 0, 'replicas'], 4),
    ...change(['fresh', 'field'], 'x'),
    ...change(['suspend'], undefined),
  ];
  expect(ownEdited({ object: object('Apply'), changes: edits })?.spec).toMatchObject({
    groups: [{ groupName: 'gpu', replicas: 4 }],
    fresh: { field: 'x' },
  });
  expect(ownEdited({ object: object('Apply'), changes: edits })?.spec).not.toHaveProperty('suspend');
});

test('a change of what others own goes into what is applied, for the server to tell whose it is', () => {
  const changes = change(['parts', 0, 'replicas'], 9);
  expect(ownEdited({ object: object('Apply'), changes })?.spec).toMatchObject({
    parts: [{ name: 'theirs', replicas: 9 }, { name: 'main' }],
  });
});

test('what we never applied is not applied', () => {
  expect(appliedVersion(object('Update'))).toBeUndefined();
  expect(ownEdited({ object: object('Update'), changes: change(['suspend'], false) })).toBeUndefined();
  const theirs = change(['parts', 0, 'replicas'], undefined);
  expect(ownEdited({ object: object('Apply'), changes: theirs })).toBeUndefined();
});

test('a patch holds only for the object and the items that were seen, and makes the maps that are missing', () => {
  const changes = [
    ...change(['parts', 1, 'replicas'], 3),
    ...change(['a', 'b/c', 'd~e'], 'x'),
    ...change(['suspend'], undefined),
  ];
  expect(patchOf({ object: object('Update'), changes })).toEqual([
    { op: 'test', path: '/metadata/uid', value: 'u-1' },
    { op: 'test', path: '/spec/parts/1/name', value: 'main' },
    { op: 'replace', path: '/spec/parts/1/replicas', value: 3 },
    { op: 'add', path: '/spec/a', value: { 'b/c': { 'd~e': 'x' } } },
    { op: 'remove', path: '/spec/suspend' },
  ]);
});
