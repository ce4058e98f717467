import { randomUUID } from 'node:crypto';
import { FoundryError } from '../errors.ts';
import { groupOf, type ObjectReference } from '../kubernetes.ts';
import type { Site } from './site.ts';
import { plainLine } from './untrusted-text.ts';

export interface Audited {
  readonly object: ObjectReference;
  /** CamelCase, past tense: `Deployed`. */
  readonly reason: string;
  /** What was done; who did it is added. */
  readonly action: string;
  readonly caller: string;
}

/** Milliseconds that an Event may take: what it tells of is done already, whatever becomes of it or of the call. */
const deadline = 5_000;

/** One Event on the object that was written, so that `kubectl describe` tells who did what. A denied Event is no error. */
export async function recordEvent(site: Site, audited: Audited): Promise<void> {
  const { object, reason, action, caller } = audited;
  const time = site
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${object.name}.${randomUUID()}`, namespace: object.namespace ?? 'default' },
    involvedObject: { ...object },
    type: 'Normal',
    reason,
    message: `${action} by ${plainLine(caller, 100)}`,
    source: { component: 'kubefoundry' },
    reportingComponent: 'kubefoundry',
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
  try {
    await site.cluster.create(event, { deadline });
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
  }
}

/** The same on an object that is known by its name: `kubectl describe` goes by the uid. Nothing where it cannot be read. */
export async function recordEventOn(site: Site, { object, ...audited }: Audited): Promise<void> {
  const { apiVersion, kind } = object;
  try {
    const found = await site.cluster.get({ group: groupOf(apiVersion), kind }, object, { deadline });
    if (found) await recordEvent(site, { ...audited, object: { ...object, uid: found.metadata.uid } });
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
  }
}
