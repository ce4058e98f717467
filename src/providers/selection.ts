import type { Installation } from './provider.ts';
import { type RuntimeId, runtimeIds } from './spec.ts';

interface RuntimeChoice {
  readonly runtime: RuntimeId;
  /** Why it may not work; absent when it is installed and healthy. */
  readonly warning?: string;
}

export interface RuntimeSelection {
  /** Chosen beforehand; absent when no runtime is installed. */
  readonly selected?: RuntimeId;
  readonly choices: readonly RuntimeChoice[];
}

/** What a form offers (design §3): one runtime installed → it; both → Dynamo; none → all, each with its warning. */
export function selectRuntime(
  installations: Readonly<Record<RuntimeId, Pick<Installation, 'installed' | 'healthy' | 'message'>>>,
): RuntimeSelection {
  const selected = runtimeIds.find((runtime) => installations[runtime].installed === true);
  const choices = runtimeIds.map((runtime) => {
    const { installed, healthy, message } = installations[runtime];
    return installed === true && healthy === true ? { runtime } : { runtime, warning: message };
  });
  return selected === undefined ? { choices } : { selected, choices };
}

/** The runtime to name in a hint: as {@link selectRuntime} chooses, Dynamo when none is installed. Agents name one all the same. */
export const preferredRuntime = (installed: readonly RuntimeId[]): RuntimeId =>
  runtimeIds.find((runtime) => installed.includes(runtime)) ?? runtimeIds[0];
