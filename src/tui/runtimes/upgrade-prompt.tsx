import { useState } from 'react';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { installRuntime } from '../../tools/install-runtime.ts';
import { useDashboard } from '../state/dashboard.ts';
import { exactly } from '../text/line.ts';
import { Picker } from '../widgets/picker.tsx';
import { Prompt } from '../widgets/prompt.tsx';
import { Rows } from '../widgets/rows.tsx';
import { otherVersion, upgradeChoices } from './upgrade-choices.ts';

interface UpgradePromptProps {
  readonly status: RuntimeStatus;
  readonly width: number;
  readonly height: number;
  readonly onClose: () => void;
}

/** Asks for the version, one that is known or any other; the tool then knows whether that can be. */
export function UpgradePrompt({ status, width, height, onClose }: UpgradePromptProps) {
  const { flash, run } = useDashboard();
  const { id: runtime, name, version } = status;
  const choices = upgradeChoices(status);
  const isNewest = choices.length === 1;
  const [typing, setTyping] = useState(isNewest);
  const upgrade = (wanted: string) => {
    onClose();
    if (isNewest && wanted === '') return flash.show(`${name} ${version} is the newest version that is known.`, 'good');
    void run(installRuntime, { runtime, ...(wanted !== '' && { version: wanted }) });
  };
  const title = `Upgrade ${name} to version`;
  if (typing) {
    return (
      <>
        <Rows lines={exactly([], height - 1)} width={width} />
        <Prompt
          label={title}
          hint={`now ${version ?? 'unknown'}${isNewest ? ', the newest known' : ''}`}
          initial=""
          width={width}
          onAccept={upgrade}
          onCancel={onClose}
        />
      </>
    );
  }
  return (
    <Picker
      title={`${title}, now ${version ?? 'unknown'}`}
      choices={choices}
      empty="no such version"
      width={width}
      height={height}
      onChoose={({ id }) => (id === otherVersion ? setTyping(true) : upgrade(id))}
      onCancel={onClose}
    />
  );
}
