import type { Plan, Provider } from '../providers/provider.ts';
import { knownRelease, knownVersions } from '../providers/releases.ts';
import type { Site } from './site.ts';

/** What helm 3 and 4 say where they do not get a chart. */
const fetching = /valid chart repository|cannot be reached|not found in .* repository|failed to (?:fetch|download) /;

/**
 * What may be wrong where helm fails with these words: a version that nobody published, and where it did not get the
 * chart a mirror that is none.
 */
export function helmAdvice({ chartRepository }: Site, provider: Provider, { steps }: Plan, words: string): string {
  const versions = steps.flatMap((step) => {
    if (step.kind === 'applyCrds') return [step.chart.version];
    return step.kind === 'helm' && (step.action === 'install' || step.action === 'upgrade') ? [step.version] : [];
  });
  const unknown = versions.find((version) => knownRelease(provider, version) === undefined);
  return [
    ...(unknown === undefined
      ? []
      : [`KubeFoundry does not know ${provider.title} ${unknown}; known versions: ${knownVersions(provider)}.`]),
    ...(chartRepository !== undefined && fetching.test(words)
      ? ['Charts are taken from the URL in KUBEFOUNDRY_CHART_REPOSITORY: is it right, and does it answer?']
      : []),
  ].join(' ');
}
