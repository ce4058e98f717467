import type { Call } from '../call.ts';
import { at, isText, objectOr } from '../objects/json.ts';
import type { ApiObject } from '../objects/object.ts';

/** The first free address of 10.96.0.0/16, starting somewhere in it. */
function freeAddress({ api }: Call): string {
  const taken = new Set(api.store.list('services').map((service) => at(service, 'spec', 'clusterIP')));
  for (let next = 256 + Math.floor(Math.random() * 65_000); ; next = (next + 1) % 65_536) {
    const address = `10.96.${Math.floor(next / 256)}.${next % 256}`;
    if (next % 256 !== 0 && next % 256 !== 255 && !taken.has(address)) return address;
  }
}

/** Gives a Service its cluster address, for as long as it lives. */
export function admitService(call: Call, service: ApiObject, previous: ApiObject | undefined): ApiObject {
  const spec = objectOr(service.spec);
  if (spec.type === 'ExternalName') return service;
  const known = at(previous, 'spec', 'clusterIP');
  const given = isText(spec.clusterIP) && spec.clusterIP !== '' ? spec.clusterIP : undefined;
  const clusterIP = given ?? (isText(known) ? known : freeAddress(call));
  return {
    ...service,
    spec: {
      ...spec,
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: spec.ipFamilies ?? ['IPv4'],
      ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
    },
  };
}
