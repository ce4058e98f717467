import type { Plan, Provider } from '../providers/provider.ts';
import { knownRelease, knownVersions } from '../providers/releases.ts';
import type { Site } from './site.ts';

/** What may be wrong with a chart that helm does not get: a version that nobody published, a mirror that is none. */
export function helmAdvice({ chartRepository }: Site, provider: Provider, { steps }: Plan): string {
  const versions = steps.flatMap((step) => {
    if (step.kind === 'applyCrds') return [step.chart.version];
    return step.kind === 'helm' && (step.action === 'install' || step.action === 'upgrade') ? [step.version] : [];
  });
  const unknown = versions.find((version) => knownRelease(provider, version) === undefined);
  return [
    ...(unknown === undefined
      ? []
      : [`KubeFoundry does not know ${provider.title} ${unknown}; known versions: ${knownVersions(provider)}.`]),
    ...(versions.length > 0 && chartRepository !== undefined
      ? ['Charts are taken from the URL in KUBEFOUNDRY_CHART_REPOSITORY: is it right, and does it answer?']
      : []),
  ].join(' ');
}
