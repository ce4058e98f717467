import { describe, expect, test } from 'vitest';
import { runtimeIds } from '../../src/providers/spec.ts';
import { factsOf, recordedOperator, releasesOf } from '../support/facts.ts';
import { loadProvider } from '../support/providers.ts';

describe.each(runtimeIds)('the recorded Deployment of the %s operator', (runtime) => {
  test('is recognised, and not by the other runtime', async () => {
    for (const id of runtimeIds) {
      const provider = await loadProvider[id]();
      const operator = recordedOperator(await loadProvider[runtime]());
      expect(provider.installation.isOperator(operator), `${id} looks at ${operator.name}`).toBe(id === runtime);
    }
  });

  test('with its CRDs makes a ready installation whose version is the one in its image', async () => {
    const provider = await loadProvider[runtime]();
    const operator = recordedOperator(provider);
    const imageVersion = /:v?(\d+\.\d+\.\d+)/.exec(operator.images.join(' '))?.[1];
    expect(imageVersion).toBeDefined();
    for (const release of releasesOf(provider)) {
      const found = provider.installation.detect(factsOf(release.definitions, operator));
      expect(found, release.title).toMatchObject({
        state: 'ready',
        installed: true,
        healthy: true,
        version: imageVersion,
        operator: { namespace: operator.namespace, name: operator.name, ready: 1, desired: 1 },
      });
      expect(found.readVersion, release.title).toMatch(new RegExp(`^${provider.group}/v`));
      expect(found.writeVersion, release.title).toMatch(new RegExp(`^${provider.group}/v`));
    }
  });

  test('whose pod is not ready makes an unhealthy one', async () => {
    const provider = await loadProvider[runtime]();
    const [release] = releasesOf(provider);
    const down = { ...recordedOperator(provider), ready: 0, available: 0 };
    const found = provider.installation.detect(factsOf(release?.definitions ?? [], down));
    expect(found).toMatchObject({ state: 'unhealthy', installed: true, healthy: false });
  });

  test('without its CRDs, or the CRDs without it, is not an installation', async () => {
    const provider = await loadProvider[runtime]();
    const operator = recordedOperator(provider);
    const [release] = releasesOf(provider);
    const alone = provider.installation.detect(factsOf([], operator));
    expect(alone).toMatchObject({ state: 'partial', healthy: false });
    const leftovers = { ...factsOf(release?.definitions ?? [], operator), operators: [] };
    expect(provider.installation.detect(leftovers)).toMatchObject({ state: 'partial', healthy: false });
  });
});
