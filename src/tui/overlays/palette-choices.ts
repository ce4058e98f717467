import { type ActionId, bindingOf, groupOf, keyLabel } from '../keys/table.ts';
import type { Overlay } from '../state/navigation.ts';
import type { Choice } from '../widgets/picker.tsx';

/** What the keys can do, by name. */
export const paletteChoices = (offered: readonly ActionId[]): readonly Choice<ActionId>[] =>
  offered
    .filter((id) => !unnamed.includes(groupOf(id)) && id !== 'app.palette')
    .map((id) => {
      const { keys, label, words = '' } = bindingOf(id);
      return { id, label, detail: `${keys.map(keyLabel).join(' ').padEnd(12)} ${words}`.trimEnd() };
    });

/** Moves have no use for a name. */
const unnamed = ['list', 'choice', 'dialog', 'page'];

/** What a name is chosen from as soon as it is begun: `ns re`. */
export function namedIn(text: string, offered: readonly ActionId[]): Overlay | undefined {
  const [, command, typed = ''] = /^\s*(\S+)\s+(.*)$/.exec(text) ?? [];
  for (const id of offered) {
    const { label, words = '', names } = bindingOf(id);
    if (names && [label, ...words.split(' ')].some((word) => word === command)) return { kind: names, typed };
  }
  return undefined;
}
