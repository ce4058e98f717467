import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import { installRuntime } from '../../tools/install-runtime.ts';
import { useDashboard } from '../state/dashboard.ts';
import { Prompt } from '../widgets/prompt.tsx';

interface UpgradePromptProps {
  readonly status: RuntimeStatus;
  readonly width: number;
  readonly onClose: () => void;
}

/** Asks for the version; the tool then knows whether that can be. */
export function UpgradePrompt({ status: { id: runtime, name, version }, width, onClose }: UpgradePromptProps) {
  const { run } = useDashboard();
  return (
    <Prompt
      label={`Upgrade ${name} to version`}
      hint={`now ${version ?? 'unknown'}`}
      initial={version ?? ''}
      width={width}
      onAccept={(wanted) => {
        onClose();
        void run(installRuntime, { runtime, ...(wanted !== '' && { version: wanted }) });
      }}
      onCancel={onClose}
    />
  );
}
