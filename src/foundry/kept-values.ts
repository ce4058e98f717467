import type { Plan, ReleaseFact, Step } from '../providers/provider.ts';
import type { Site } from './site.ts';

type HelmStep = Extract<Step, { kind: 'helm' }>;

/**
 * The same plan, blocked where it would remove a release to install it anew and with it values that are not ours: we
 * install with none. They may hold secrets, so that they stand in no plan.
 *
 * @throws FoundryError HELM_FAILED where helm does not tell them
 */
export async function sparingValues(
  { installer, cluster }: Site,
  plan: Plan,
  releases: readonly ReleaseFact[],
  signal: AbortSignal,
): Promise<Plan> {
  const helm = plan.steps.filter((step): step is HelmStep => step.kind === 'helm');
  const removed = helm.find((step) => step.action === 'uninstall' && isBrokenOff(step, releases));
  const anew = helm.find(({ action }) => action === 'install');
  if (!removed || !anew || !(await installer.hasValues?.(removed, cluster, signal))) return plan;
  const { release, namespace } = removed;
  const file = `${release}-values.yaml`;
  const commands = [
    `helm get values ${release} --namespace ${namespace} --output yaml > ${file}`,
    removed.command,
    `${anew.command} --values ${file}`,
  ];
  return {
    ...plan,
    blockers: [
      ...plan.blockers,
      `The release ${namespace}/${release}, whose installation was broken off, has values of its own: they would be lost with it.`,
    ],
    hint: `${plan.hint ?? ''} Install it anew with them by hand, then call again: ${commands.join(' && ')}`.trim(),
  };
}

/** One that was being uninstalled was to go with its values. */
const isBrokenOff = ({ release, namespace }: HelmStep, releases: readonly ReleaseFact[]): boolean =>
  releases.some((one) => one.name === release && one.namespace === namespace && one.status === 'pending-install');
