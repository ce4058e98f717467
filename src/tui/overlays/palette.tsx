import { useState } from 'react';
import { bindingOf } from '../keys/table.ts';
import { readOnlyWords } from '../state/access.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { matching } from '../widgets/picker.tsx';
import { Menu } from './menu.tsx';
import type { Size } from './overlay-panel.tsx';
import { namedIn, paletteChoices } from './palette-choices.ts';

/** Everything that the keys can do here, by name. */
export function Palette({ width, height }: Size) {
  const { access: accessSource, layers, navigation } = useDashboard();
  const access = useLive(accessSource);
  const [offered] = useState(() => layers.offered());
  const [typed, setTyped] = useState('');
  const withheld = access.writing ? [] : offered.filter((id) => bindingOf(id).mutates);
  const choices = paletteChoices(offered.filter((id) => !withheld.includes(id)));
  const isWithheld = matching(paletteChoices(withheld), typed).length > 0;
  return (
    <Menu
      title="Commands"
      choices={choices}
      empty={isWithheld ? readOnlyWords(access) : 'no such command'}
      width={width}
      height={height}
      onType={(text) => {
        setTyped(text);
        const overlay = namedIn(text, offered);
        if (overlay) navigation.dispatch({ type: 'open', overlay });
      }}
      onChoose={({ id }) => layers.run(id)}
    />
  );
}
