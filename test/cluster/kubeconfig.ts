import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Access } from './request.ts';

/** Whom the holder of a token speaks for instead of itself, by impersonation. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Writes a kubeconfig with one context, `control-plane`, which only this user of the machine can read. */
export function writeKubeconfig(file: string, { server, ca, token }: Access, as?: Impersonation): void {
  const name = 'control-plane';
  const cluster = { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const user = as ? { token, as: as.user, 'as-groups': as.groups } : { token };
  const content = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
  writeFileSync(file, content, { mode: 0o600 });
}
