import { type ActionId, bindingOf, groupOf, keyLabel } from '../keys/table.ts';
import type { Choice } from '../widgets/picker.tsx';

/** Everything that the keys can do here, by name. */
export const paletteChoices = (offered: readonly ActionId[], writing: boolean): readonly Choice<ActionId>[] =>
  offered
    .filter((id) => !unnamed.includes(groupOf(id)) && id !== 'app.palette' && (writing || !bindingOf(id).mutates))
    .map((id) => {
      const { keys, label, words = '' } = bindingOf(id);
      return { id, label, detail: `${keys.map(keyLabel).join(' ').padEnd(12)} ${words}`.trimEnd() };
    });

/** Moves have no use for a name. */
const unnamed = ['list', 'choice', 'dialog', 'page'];
