import type { Cluster } from '../cluster/cluster.ts';
import { FoundryError } from '../errors.ts';
import { toolCall } from '../providers/fixes.ts';
import { check } from '../providers/installation-checks.ts';
import type { Plan, Provider, ReleaseFact, Step } from '../providers/provider.ts';
import { releaseOfMinor } from '../providers/releases.ts';

/** What there is to say of volumes before a plan is carried out. */
interface StorageChecked {
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
  readonly blocker?: { readonly blocker: string; readonly hint: string };
}

const title = 'default StorageClass';
const command = 'kubectl get storageclasses';

/**
 * Whether what a release brings gets its volume: else helm waits for it in vain. One request, for a plan with such a
 * release only; one that was brought to its end has its volume. One that was not may have values that do without, so
 * that it is no more than warned of.
 */
export async function checkStorage(
  cluster: Cluster,
  provider: Provider,
  { steps, releases }: { readonly steps: Plan['steps']; readonly releases: readonly ReleaseFact[] },
  signal: AbortSignal,
): Promise<StorageChecked> {
  const [wanting] = steps.flatMap((step) => {
    if (step.kind !== 'helm' || !['install', 'upgrade'].includes(step.action)) return [];
    const there = releases.find(({ name, namespace }) => name === step.release && namespace === step.namespace);
    const volume = releaseOfMinor(provider.releases, step.version)?.volume;
    const hasIt = step.action === 'upgrade' && (there === undefined || there.status === 'deployed');
    return volume === undefined || hasIt ? [] : [{ step, volume, there }];
  });
  if (wanting === undefined) return { steps: [], warnings: [] };
  const { step, volume, there } = wanting;
  const brought = `${provider.title} ${step.version} brings ${volume}, whose volume takes the default StorageClass`;
  const found = await readClasses(cluster, signal);
  if ('failure' in found) {
    return {
      steps: [check(null, `Whether there is a ${title} is not known`, command)],
      warnings: [`${brought}, and whether there is one is not known: ${found.failure} Without one helm waits in vain.`],
    };
  }
  const { preset, names } = found;
  if (preset !== undefined) {
    return { steps: [check(true, `The ${title} is ${preset}, for the volume of ${volume}`, command)], warnings: [] };
  }
  const judged = [check(false, `There is no ${title}, for the volume of ${volume}`, command)];
  const lacking = `${brought}, and there is none: helm would wait for it in vain.`;
  if (there) return { steps: judged, warnings: [`${lacking} ${marking(names)}.`] };
  return { steps: judged, warnings: [], blocker: { blocker: lacking, hint: `${marking(names)}${another(provider)}.` } };
}

const mark = 'storageclass.kubernetes.io/is-default-class';
/** Kubernetes goes by this one, too (k8s.io/component-helpers, IsDefaultAnnotation). */
const betaMark = 'storageclass.beta.kubernetes.io/is-default-class';

async function readClasses(
  cluster: Cluster,
  signal: AbortSignal,
): Promise<{ readonly preset?: string; readonly names: readonly string[] } | { readonly failure: string }> {
  try {
    const classes = await cluster.list({ group: 'storage.k8s.io', kind: 'StorageClass' }, { signal });
    const preset = classes.find(({ metadata }) =>
      [mark, betaMark].some((one) => metadata.annotations?.[one] === 'true'),
    );
    return { preset: preset?.metadata.name, names: classes.map(({ metadata }) => metadata.name) };
  } catch (error) {
    if (!(error instanceof FoundryError)) throw error;
    return { failure: error.message };
  }
}

function marking(names: readonly string[]): string {
  const how = `kubectl annotate storageclass ${names[0] ?? 'NAME'} ${mark}=true`;
  return names.length === 0
    ? `Create one and make it the default: ${how}`
    : `Make one of ${names.join(', ')} the default: ${how}`;
}

function another({ id, releases }: Provider): string {
  const without = releases.findLast(({ volume }) => volume === undefined);
  if (without === undefined) return '';
  const call = toolCall('install_runtime', { runtime: id, version: without.version });
  return `. Or install a version that needs none: ${call}`;
}
