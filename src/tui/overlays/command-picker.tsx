import { useDashboard } from '../state/dashboard.ts';
import { clipboardSequence } from '../terminal/clipboard.ts';
import { Picker } from '../widgets/picker.tsx';
import { commandChoices } from './copy-choices.ts';
import type { Size } from './overlay-panel.tsx';

interface CommandPickerProps extends Size {
  readonly commands: readonly string[];
  readonly onClose: () => void;
}

/** The commands that a page suggests: one of them goes to the clipboard. */
export function CommandPicker({ commands, onClose, ...size }: CommandPickerProps) {
  const { flash, options } = useDashboard();
  return (
    <Picker
      {...size}
      title="Copy a command"
      choices={commandChoices(commands)}
      empty="no such command"
      onCancel={onClose}
      onChoose={({ id }) => {
        onClose();
        options.write(clipboardSequence(id));
        flash.show(`Copied: ${id}`, 'good');
      }}
    />
  );
}
