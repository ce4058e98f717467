import { isAbsolute, join } from 'node:path';
import type { Context } from './context.ts';
import { folderOf, pluginOf } from './kubeconfig.ts';

const paths: ReadonlySet<string> = new Set(['certificate-authority', 'client-certificate', 'client-key', 'tokenFile']);

/** The entry with the paths in it as they are from anywhere. */
function rooted(entry: Context['cluster'] | Context['user']): Record<string, unknown> {
  const fields = Object.entries(entry.value).map(([name, value]) => [
    name,
    paths.has(name) && typeof value === 'string' && value !== '' && !isAbsolute(value)
      ? join(folderOf(entry), value)
      : value,
  ]);
  return Object.fromEntries(fields);
}

/** The user with the program of its credential plugin as well. */
function rootedUser(user: Context['user']): Record<string, unknown> {
  const { exec } = user.value;
  if (!exec?.command) return rooted(user);
  return { ...rooted(user), exec: { ...exec, command: pluginOf(user, exec.command) } };
}

/** A kubeconfig, in JSON, that holds this context alone: for programs that must not reach any other cluster. */
export function singleContext(context: Context): string {
  const { name, namespace } = context;
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: rooted(context.cluster) }],
    users: [{ name, user: rootedUser(context.user) }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  });
}
