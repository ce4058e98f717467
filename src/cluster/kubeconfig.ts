import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { FoundryError } from '../errors.ts';

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

const clusterSchema = z.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'tls-server-name': text,
  'proxy-url': text,
  extensions: z.array(z.object({ name: z.string(), extension: z.unknown() })).nullish(),
});

const execSchema = z.object({
  apiVersion: text,
  command: text,
  args: texts,
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: text,
  provideClusterInfo: z.boolean().nullish(),
  interactiveMode: z.enum(['Never', 'IfAvailable', 'Always']).nullish(),
});

const userSchema = z.object({
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  as: text,
  'as-uid': text,
  'as-groups': texts,
  'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
  exec: execSchema.nullish(),
  'auth-provider': z.object({ name: z.string(), config: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const contextSchema = z.object({ cluster: z.string(), user: text, namespace: text });

const fileSchema = z.object({
  'current-context': text,
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })).nullish(),
  users: z.array(z.object({ name: z.string(), user: userSchema.nullish() })).nullish(),
  contexts: z.array(z.object({ name: z.string(), context: contextSchema })).nullish(),
});

export type KubeconfigCluster = z.output<typeof clusterSchema>;
export type KubeconfigUser = z.output<typeof userSchema>;
type KubeconfigContext = z.output<typeof contextSchema>;
export type KubeconfigExec = z.output<typeof execSchema>;

/** An entry and the file it stands in: relative paths in it start there, and errors name it. */
export interface Entry<Value> {
  readonly value: Value;
  readonly file: string;
}

/** Several files as one. */
export interface Kubeconfig {
  /** The files that were there. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Entry<KubeconfigCluster>>;
  readonly users: ReadonlyMap<string, Entry<KubeconfigUser>>;
  readonly contexts: ReadonlyMap<string, Entry<KubeconfigContext>>;
}

/**
 * Reads and merges as kubectl does: the first file that names an entry or sets the current context wins, entry by
 * entry, and files that are missing are passed over.
 *
 * @throws FoundryError INPUT_INVALID naming the file and the field
 */
export async function readKubeconfig(paths: readonly string[]): Promise<Kubeconfig> {
  const files: string[] = [];
  const clusters = new Map<string, Entry<KubeconfigCluster>>();
  const users = new Map<string, Entry<KubeconfigUser>>();
  const contexts = new Map<string, Entry<KubeconfigContext>>();
  let currentContext: string | undefined;
  for (const file of paths) {
    const content = await readIfThere(file);
    if (content === undefined) continue;
    files.push(file);
    const config = decode(file, content);
    currentContext ||= config['current-context'] || undefined;
    for (const { name, cluster } of config.clusters ?? []) addFirst(clusters, name, cluster, file);
    for (const { name, user } of config.users ?? []) addFirst(users, name, user ?? {}, file);
    for (const { name, context } of config.contexts ?? []) addFirst(contexts, name, context, file);
  }
  return { files, currentContext, clusters, users, contexts };
}

function addFirst<Value>(map: Map<string, Entry<Value>>, name: string, value: Value, file: string): void {
  if (!map.has(name)) map.set(name, { value, file });
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw badKubeconfig(file, `cannot be read (${error instanceof Error ? error.message : String(error)})`, error);
  }
}

function decode(file: string, content: string): z.output<typeof fileSchema> {
  let document: unknown;
  try {
    document = parse(content, { logLevel: 'error' }) ?? {};
  } catch (error) {
    // Only the first line: the rest quotes the file, which holds credentials.
    const reason = error instanceof Error ? error.message.split('\n', 1).join('') : String(error);
    throw badKubeconfig(file, `is not YAML (${reason.slice(0, 200)})`);
  }
  const result = fileSchema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw badKubeconfig(file, `has a wrong field: ${fieldPath(document, issue?.path ?? [])}: ${issue?.message}`);
}

/** `users[dev].user.token` says more than `users.3.user.token`. */
function fieldPath(document: unknown, path: readonly PropertyKey[]): string {
  let value = document;
  let words = '';
  for (const step of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
    const name = typeof value === 'object' && value !== null ? Reflect.get(value, 'name') : undefined;
    if (typeof step === 'number') words += `[${typeof name === 'string' ? name : step}]`;
    else words += words === '' ? String(step) : `.${String(step)}`;
  }
  return words || 'the whole document';
}

/** An INPUT_INVALID about one kubeconfig file. */
export function badKubeconfig(file: string, problem: string, cause?: unknown): FoundryError {
  return new FoundryError(
    'INPUT_INVALID',
    `The kubeconfig file ${file} ${problem}.`,
    'Correct the file, or name another one with --kubeconfig or KUBECONFIG; `kubefoundry sandbox` needs none.',
    { file },
    { cause },
  );
}

/** The folder that relative paths in an entry start from, whole: programs that are given such paths run elsewhere. */
export const folderOf = (entry: Entry<unknown>): string => dirname(resolve(entry.file));

/** The program of a credential plugin: a path starts in that folder, a name is looked for on the PATH. */
export const pluginOf = (entry: Entry<unknown>, command: string): string =>
  command.includes('/') && !isAbsolute(command) ? join(folderOf(entry), command) : command;
