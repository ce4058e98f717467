import type { IncomingMessage } from 'node:http';
import { badRequest, forbidden } from '../objects/status.ts';
import type { Store } from '../objects/store.ts';
import type { Identity } from './authentication.ts';
import { authorize, refusal } from './authorization.ts';

const listed = (header: string | string[] | undefined): readonly string[] => {
  if (header === undefined) return [];
  return Array.isArray(header) ? header : header.split(',').map((value) => value.trim());
};

/** The identity that the request acts as: its own, or another that it may impersonate. */
export function actingAs(store: Store, identity: Identity, request: IncomingMessage): Identity {
  const [user] = listed(request.headers['impersonate-user']);
  const groups = request.headersDistinct['impersonate-group'] ?? [];
  if (user === undefined) {
    if (groups.length === 0) return identity;
    const requested = groups.map((group) => `{Group  ${group}    }`).join(' ');
    throw badRequest(`requested [${requested}] without impersonating a user`);
  }
  const check = (plural: string, kind: string, name: string, namespace?: string): void => {
    const wanted = { verb: 'impersonate', group: '', resource: plural, name, namespace };
    if (authorize(store, identity, wanted).allowed) return;
    throw forbidden({ group: '', plural, kind }, name, refusal(identity, wanted));
  };
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  if (account === null) check('users', 'User', user);
  else check('serviceaccounts', 'ServiceAccount', account[2] ?? '', account[1]);
  for (const group of groups) check('groups', 'Group', group);
  const own = account === null ? [] : ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`];
  return { user, groups: [...groups, ...own, 'system:authenticated'] };
}
