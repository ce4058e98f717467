import type { ComponentProps } from 'react';
import { useDashboard } from '../state/dashboard.ts';
import { type Choice, Picker } from '../widgets/picker.tsx';
import type { Size } from './overlay-panel.tsx';

interface MenuProps<Id extends string>
  extends Size,
    Pick<ComponentProps<typeof Picker<Id>>, 'initial' | 'isReading' | 'onType'> {
  readonly title: string;
  readonly choices: readonly Choice<Id>[];
  readonly empty: string;
  /** Called when the menu is closed already. */
  readonly onChoose: (choice: Choice<Id>) => void;
}

/** A picker as an overlay: it closes whatever is answered. */
export function Menu<Id extends string>({ onChoose, ...props }: MenuProps<Id>) {
  const { navigation } = useDashboard();
  const close = () => navigation.dispatch({ type: 'close' });
  return (
    <Picker
      {...props}
      onCancel={close}
      onChoose={(choice) => {
        close();
        onChoose(choice);
      }}
    />
  );
}
