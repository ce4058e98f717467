import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, configMap, configMaps, pods, startClient } from './client.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const bob = { token: 'token-of-bob' };

let client: Client;
beforeAll(async () => {
  client = await startClient();
  client.server.addIdentity({ ...bob, user: 'bob' });
});
afterAll(() => client.stop());

const role = (kind: string, name: string, rules: unknown) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name },
  rules,
});
const binding = (kind: string, name: string, roleKind: string, roleName: string, subject: unknown) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: roleName },
  subjects: [subject],
});
const user = (name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name });

describe('authentication', () => {
  it('refuses a token that it does not know', async () => {
    expect(await client.get(pods, { token: 'wrong' })).toMatchObject({
      status: 401,
      body: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' },
    });
  });

  it('knows callers without a token as anonymous, who may see little', async () => {
    expect(await client.get(pods, { token: '' })).toMatchObject({
      status: 403,
      body: {
        message:
          'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
      },
    });
    expect(await client.get('/version', { token: '' })).toMatchObject({ status: 200, body: { gitVersion: 'v1.35.4' } });
  });

  it('tells callers who they are', async () => {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    expect(await client.create('/apis/authentication.k8s.io/v1/selfsubjectreviews', review, bob)).toMatchObject({
      status: 201,
      body: { status: { userInfo: { username: 'bob', groups: ['system:authenticated'] } } },
    });
  });

  it('forgets a token that is taken away', async () => {
    client.server.addIdentity({ token: 'short-lived', user: 'carol' });
    expect((await client.get('/api', { token: 'short-lived' })).status).toBe(200);
    client.server.removeIdentity('short-lived');
    expect((await client.get('/api', { token: 'short-lived' })).status).toBe(401);
  });

  it('gives a ServiceAccount a token of its own', async () => {
    const path = '/api/v1/namespaces/default/serviceaccounts/default/token';
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { body } = await client.create(path, request);
    const token = String(Reflect.get(Object(body.status), 'token'));
    expect(await client.get(pods, { token })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('User "system:serviceaccount:default:default" cannot list') },
    });
  });
});

describe('authorization', () => {
  it.each([
    [
      'GET',
      pods,
      'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'GET',
      `${pods}/x/log`,
      'pods "x" is forbidden: User "bob" cannot get resource "pods/log" in API group "" in the namespace "default"',
    ],
    [
      'GET',
      '/apis/apps/v1/deployments',
      'deployments.apps is forbidden: User "bob" cannot list resource "deployments" in API group "apps" at the cluster scope',
    ],
    [
      'DELETE',
      `${pods}/x`,
      'pods "x" is forbidden: User "bob" cannot delete resource "pods" in API group "" in the namespace "default"',
    ],
    ['GET', '/metrics', 'forbidden: User "bob" cannot get path "/metrics"'],
  ])('%s %s is refused with the verb, the resource and the place', async (method, path, message) => {
    expect(await client.send(path, { method, ...bob })).toMatchObject({
      status: 403,
      body: { reason: 'Forbidden', message },
    });
  });

  it('grants what a Role says, where its binding is', async () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }];
    await client.create(`${rbac}/namespaces/default/roles`, role('Role', 'reader', rules));
    await client.create(
      `${rbac}/namespaces/default/rolebindings`,
      binding('RoleBinding', 'readers', 'Role', 'reader', user('bob')),
    );
    expect((await client.get(configMaps, bob)).status).toBe(200);
    expect((await client.get('/api/v1/configmaps', bob)).status).toBe(403);
    expect((await client.create(configMaps, configMap('x'), bob)).status).toBe(403);
  });

  it('lets an apply change what is there with the right to patch, and create only with that right besides', async () => {
    client.server.addIdentity({ token: 'patcher', user: 'pat' });
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] }];
    await client.create(`${rbac}/clusterroles`, role('ClusterRole', 'patcher', rules));
    await client.create(
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', 'patchers', 'ClusterRole', 'patcher', user('pat')),
    );
    await client.create(configMaps, configMap('there'));
    const apply = (name: string) =>
      client.send(`${configMaps}/${name}?fieldManager=pat`, {
        method: 'PATCH',
        type: 'application/apply-patch+yaml',
        body: configMap(name),
        token: 'patcher',
      });
    expect((await apply('there')).status).toBe(200);
    expect(await apply('new')).toMatchObject({
      status: 403,
      body: {
        message:
          'configmaps "new" is forbidden: User "pat" cannot create resource "configmaps" in API group "" in the namespace "default"',
      },
    });
  });

  it('grants what a ClusterRole says of named objects only', async () => {
    client.server.addIdentity({ token: 'named', user: 'dora', groups: ['testers'] });
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'], resourceNames: ['open'] }];
    await client.create(`${rbac}/clusterroles`, role('ClusterRole', 'opener', rules));
    const group = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'testers' };
    await client.create(
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', 'openers', 'ClusterRole', 'opener', group),
    );
    await client.create(configMaps, configMap('open'));
    await client.create(configMaps, configMap('closed'));
    expect((await client.get(`${configMaps}/open`, { token: 'named' })).status).toBe(200);
    expect((await client.get(`${configMaps}/closed`, { token: 'named' })).status).toBe(403);
  });

  it('knows a ServiceAccount by its namespace and name', async () => {
    client.server.addIdentity({ token: 'account', user: 'system:serviceaccount:default:worker' });
    const subject = { kind: 'ServiceAccount', name: 'worker', namespace: 'default' };
    await client.create(
      `${rbac}/clusterrolebindings`,
      binding('ClusterRoleBinding', 'workers', 'ClusterRole', 'view', subject),
    );
    expect((await client.get('/api/v1/pods', { token: 'account' })).status).toBe(200);
    expect((await client.get('/api/v1/secrets', { token: 'account' })).status).toBe(403);
  });

  it('says beforehand what a caller may do, and why', async () => {
    const ask = (resourceAttributes: unknown) =>
      client.create(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
        bob,
      );
    expect(await ask({ verb: 'list', resource: 'configmaps', namespace: 'default' })).toMatchObject({
      status: 201,
      body: {
        status: {
          allowed: true,
          reason: 'RBAC: allowed by RoleBinding "readers/default" of Role "reader" to User "bob"',
        },
      },
    });
    expect((await ask({ verb: 'list', resource: 'secrets' })).body).toHaveProperty('status', { allowed: false });
  });

  it('answers about others to those who may ask', async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'bob', resourceAttributes: { verb: 'get', resource: 'configmaps', namespace: 'default' } },
    };
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    expect(await client.create(path, review)).toMatchObject({ body: { status: { allowed: true } } });
    expect((await client.create(path, review, bob)).status).toBe(403);
  });

  it('lists the rules of a caller', async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'default' },
    };
    const { body } = await client.create('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', review, bob);
    expect(body).toMatchObject({
      status: {
        incomplete: false,
        resourceRules: expect.arrayContaining([{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }]),
      },
    });
  });
});

describe('impersonation', () => {
  it('lets an administrator act as another', async () => {
    expect(await client.get('/api/v1/pods', { headers: { 'impersonate-user': 'bob' } })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('User "bob" cannot list resource "pods"') },
    });
    const headers = { 'impersonate-user': 'erin', 'impersonate-group': 'system:masters' };
    expect((await client.get('/api/v1/pods', { headers })).status).toBe(200);
  });

  it('is refused to those who may not', async () => {
    expect(await client.get(pods, { ...bob, headers: { 'impersonate-user': 'erin' } })).toMatchObject({
      status: 403,
      body: {
        message:
          'users "erin" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
      },
    });
  });
});
