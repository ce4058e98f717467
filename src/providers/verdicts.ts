import { holding } from './crd-deletion.ts';
import { because, named, notesOf, placed, readyOf, titled } from './operator-notes.ts';
import { isUp } from './operators.ts';
import type { InstallationState } from './provider.ts';
import type { Scene } from './signature.ts';

/** A message where the verdict fits, else undefined. */
type Verdict = readonly [InstallationState, (scene: Scene) => string | undefined];

/** What can be the case, CRD first, operator second; the first that fits is said. */
export const verdicts: readonly Verdict[] = [
  ['unknown', crdsUnread],
  ['partial', onlyBegun],
  [
    'not_installed',
    ({ crd, operator, signature }) => (crd || operator ? undefined : `${signature.title} is not installed.`),
  ],
  ['partial', crdMissing],
  ['unknown', operatorsUnread],
  ['partial', operatorMissing],
  ['unhealthy', operatorDown],
  ['unhealthy', crdUnusable],
  ['unhealthy', conversionDown],
  ['ready', (scene) => [`${titled(scene)} runs, operator ${placed(scene.operator)}.`, ...notesOf(scene)].join(' ')],
];

function crdsUnread(scene: Scene): string | undefined {
  const why = scene.unread('crds');
  if (scene.crd || why === undefined) return undefined;
  const seen = scene.operator ? ` ${named(scene, scene.operator)} is there.` : '';
  return `Whether ${scene.signature.title} is installed cannot be told: ${why}${seen}`;
}

/** helm brings CRDs one by one, and they go one by one: broken off between them, the primary's may not be there. */
function onlyBegun({ crd, operator, begun }: Scene): string | undefined {
  if (crd || operator || begun.length === 0) return undefined;
  return `Only the CRDs ${begun.join(', ')} are there: an uninstallation left them, or an installation is not finished.`;
}

function crdMissing(scene: Scene): string | undefined {
  const { crd, operator, signature } = scene;
  if (crd || !operator) return undefined;
  return `${named(scene, operator)} is there, but the CRD ${signature.crd} is missing: there can be no ${signature.kind} until it is applied again.`;
}

function operatorsUnread({ crd, operator, signature, unread }: Scene): string | undefined {
  const why = unread('operators');
  if (!crd || operator || why === undefined) return undefined;
  return `The CRD ${signature.crd} is there, but whether a ${signature.title} operator runs cannot be told: ${why}`;
}

function operatorMissing({ crd, operator, signature, version }: Scene): string | undefined {
  if (!crd || operator) return undefined;
  if (crd.deleting)
    return `The CRD ${crd.name} is being deleted, and there is no ${signature.title} operator: one can be installed once it is gone. ${holding(crd)}`;
  const left = version === undefined ? '' : ` of ${signature.title} ${version}`;
  return `The CRD ${signature.crd}${left} is there, but no ${signature.title} operator: nothing acts on ${signature.kind} objects. An uninstallation leaves CRDs on purpose; if there was none, an installation is not finished.`;
}

function operatorDown(scene: Scene): string | undefined {
  const { operator, crd, usable } = scene;
  if (!operator || isUp(operator)) return undefined;
  const { namespace, name, rolling, updated, desired, message } = operator;
  const silent =
    crd?.conversion === 'Webhook' && crd.served.length > 1
      ? ` Its conversion webhook is down with it: only ${usable.read} can be read.`
      : '';
  if (operator.deleting) return `${named(scene, operator)} is being deleted.${silent}`;
  if (desired === 0)
    return `${named(scene, operator)} is scaled to 0: kubectl scale deployment/${name} --namespace ${namespace} --replicas 1 starts it.${silent}`;
  const upgrade = rolling && updated !== undefined ? `, ${updated} updated: an upgrade is not finished` : '';
  return `${named(scene, operator)} is not available, ${readyOf(operator)}${upgrade}${because(message)}${silent}`;
}

function crdUnusable({ crd, usable, signature }: Scene): string | undefined {
  if (crd?.deleting)
    return `The CRD ${crd.name} is being deleted, and with it every ${signature.kind}. ${holding(crd)}`;
  if (crd?.established === false)
    return `The CRD ${crd.name} is not established yet: the API server does not serve it.`;
  if (crd && usable.write === undefined)
    return `The CRD ${crd.name} serves ${crd.served.join(', ') || 'no version'}, which KubeFoundry does not know.`;
  return undefined;
}

function conversionDown({ crd, operator, usable }: Scene): string | undefined {
  if (crd?.conversion !== 'Webhook' || crd.served.length < 2) return undefined;
  const restart = `kubectl rollout restart deployment/${operator?.name} --namespace ${operator?.namespace}`;
  const only = `only ${usable.read} can be read, and writing may fail. ${restart} sets it up anew.`;
  if (crd.unconverted !== undefined)
    return `The conversion webhook of ${crd.name} is down${because(crd.unconverted)} Until it answers ${only}`;
  return crd.conversionCa === false
    ? `The conversion webhook of ${crd.name} has no CA bundle, so the API server cannot call it: ${only}`
    : undefined;
}
