import type { Deployment } from '../../foundry/deployment.ts';
import type { LiveDeployments } from '../../foundry/live-listing.ts';
import { bindingOf } from '../keys/table.ts';
import { badges } from '../runtimes/badges.ts';
import { type DeploymentKey, type DeploymentTab, deploymentTabs } from '../state/navigation.ts';
import { blank, type Line, line, span } from '../text/line.ts';
import { phaseOf, phaseTones } from './columns.ts';

export const headHeight = 3;

/** Which deployment it is, and its tabs. */
export function headLines(key: DeploymentKey, row: Deployment | undefined, tab: DeploymentTab): readonly Line[] {
  const phase = row && phaseOf(row);
  const tabs = deploymentTabs.flatMap((name) => {
    const [letter = ''] = bindingOf(`tab.${name}`).keys;
    return name === tab
      ? [span(`[${letter} ${name}]`, 'tab'), span(' ')]
      : [span(` ${letter}`, 'key'), span(` ${name}  `, 'dim')];
  });
  return [
    line(
      ' ',
      span(`${key.namespace}/${key.name}`, 'title'),
      '  ',
      span(badges[key.runtime], 'accent'),
      '  ',
      phase ? span(phase, phaseTones[phase]) : '',
    ),
    line(' ', ...tabs),
    blank,
  ];
}

/** Only a list that could be read can tell that something is gone. */
export function missingLines(
  { name, runtime: id }: DeploymentKey,
  { runtimes }: LiveDeployments,
  isNew: boolean,
): readonly Line[] {
  const runtime = runtimes.find(({ runtime }) => runtime === id);
  if (runtime?.state === 'connecting') return [line(span('   Reading the cluster …', 'dim'))];
  if (runtime?.error) return [line(span(`   ${runtime.error.message} ${runtime.error.hint}`, 'bad'))];
  if (isNew) return [line(span(`   ${name} was created, and the list shows it in a moment …`, 'dim'))];
  return [line(span(`   ${name} is not there (any more). Esc goes back to the list.`, 'dim'))];
}
