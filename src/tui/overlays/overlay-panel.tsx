import type { OpenConnection } from '../data/connection.ts';
import type { Overlay } from '../state/navigation.ts';
import { pickerHeight } from '../widgets/picker.tsx';
import { AnswerPage } from './answer-page.tsx';
import { Contexts } from './contexts.tsx';
import { CopyMenu } from './copy-menu.tsx';
import { DeploymentActions } from './deployment-actions.tsx';
import { LogPage } from './log-page.tsx';
import { Namespaces } from './namespaces.tsx';
import { CommandPage, HelpPage } from './pages.tsx';
import { Palette } from './palette.tsx';
import { inputsHeight, ToolInputs } from './tool-inputs.tsx';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface OverlayProps extends Size {
  /** Absent while there is none. */
  readonly connection: OpenConnection | undefined;
}

/** Of what is chosen by its name. */
export interface Named {
  /** The beginning of the name. */
  readonly typed: string | undefined;
}

/** Overlays that take the whole room between header and footer; the others share it with the screen. */
export const isPage = ({ kind }: Overlay): boolean => pages.includes(kind);

const pages: readonly Overlay['kind'][] = ['help', 'command', 'logs', 'answer'];

/** Rows of an overlay that shares the room. */
export const panelHeight = ({ kind }: Overlay, available: number): number =>
  kind === 'inputs' ? inputsHeight : pickerHeight(available);

/** Every overlay by its kind in `state/navigation.ts`. */
export function OverlayPanel({ overlay, ...props }: OverlayProps & { readonly overlay: Overlay }) {
  switch (overlay.kind) {
    case 'help':
      return <HelpPage {...props} />;
    case 'command':
      return <CommandPage {...props} />;
    case 'palette':
      return <Palette {...props} />;
    case 'contexts':
      return <Contexts {...props} typed={overlay.typed} />;
    case 'namespaces':
      return <Namespaces {...props} typed={overlay.typed} />;
    case 'copy':
      return <CopyMenu {...props} deployment={overlay.deployment} />;
    case 'actions':
      return <DeploymentActions {...props} deployments={overlay.deployments} />;
    case 'inputs':
      return <ToolInputs {...props} tool={overlay.tool} deployments={overlay.deployments} />;
    case 'logs':
      return <LogPage {...props} deployment={overlay.deployment} />;
    case 'answer':
      return <AnswerPage {...props} tool={overlay.tool} input={overlay.input} />;
  }
}
