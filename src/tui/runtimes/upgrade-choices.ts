import { releasesToOffer } from '../../foundry/runtime-offers.ts';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import type { Choice } from '../widgets/picker.tsx';

/** The choice of a version that is typed. */
export const otherVersion = 'other';

/** The releases that one upgrade leads to, the next one first, and last the choice of any other. */
export const upgradeChoices = ({ id: runtime, version }: Pick<RuntimeStatus, 'id' | 'version'>): readonly Choice[] => [
  ...releasesToOffer(runtime, version).map(({ version: id, kubernetes, upgrade = '' }) => ({
    id,
    label: id,
    detail: `needs Kubernetes ${kubernetes}. ${upgrade}`.trim(),
  })),
  { id: otherVersion, label: 'another version', detail: 'one that KubeFoundry may not know' },
];
