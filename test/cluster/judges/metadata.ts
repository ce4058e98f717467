import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { type Access, requestOk } from '../request.ts';
import { normalised } from './normalised.ts';
import type { Side, Worlds } from './worlds.ts';

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.base64() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});

async function accessTo(worlds: Worlds, side: Side): Promise<Access> {
  const { clusters, users } = kubeconfigSchema.parse(parse(await readFile(worlds[side], 'utf8')));
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  return { server, ca: Buffer.from(authority, 'base64').toString('utf8'), token: users[0].user.token };
}

const form = (kind: string) => `application/json;as=${kind};g=meta.k8s.io;v=v1`;

/** What informers and garbage collectors ask for, and none of the programs here. */
export function describeMetadata(given: () => Worlds): void {
  it.each([
    ['one object', '/apis/apps/v1/namespaces/market/deployments/store', form('PartialObjectMetadata')],
    ['a list', '/apis/apps/v1/namespaces/market/deployments', form('PartialObjectMetadataList')],
    ['a list of a kind of one’s own', '/apis/example.com/v1/lamps', form('PartialObjectMetadataList')],
    [
      'a watch with initial events',
      '/apis/apps/v1/namespaces/market/deployments?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1',
      form('PartialObjectMetadata'),
    ],
  ])('the metadata alone of %s', async (_what, path, accept) => {
    const answerOf = async (side: Side) =>
      normalised(await requestOk(await accessTo(given(), side), { path, accept }))
        .trimEnd()
        .split('\n');
    const [sandbox, real] = await Promise.all([answerOf('sandbox'), answerOf('real')]);
    expect(sandbox).toEqual(real);
  });
}
