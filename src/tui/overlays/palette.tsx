import { useState } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { Menu } from './menu.tsx';
import type { Size } from './overlay-panel.tsx';
import { paletteChoices } from './palette-choices.ts';

/** Everything that the keys can do here, by name. */
export function Palette({ width, height }: Size) {
  const { access, layers } = useDashboard();
  const { writing } = useLive(access);
  const [choices] = useState(() => paletteChoices(layers.offered(), writing));
  return (
    <Menu
      title="Commands"
      choices={choices}
      empty="no such command"
      width={width}
      height={height}
      onChoose={({ id }) => layers.run(id)}
    />
  );
}
