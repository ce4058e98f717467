import { expect, test } from 'vitest';
import { type RuntimeSelection, selectRuntime } from '../../../src/providers/selection.ts';
import { getRuntimesStatus } from '../../../src/tools/get-runtimes-status.ts';
import { type Answer, type Assistant, type AssistantOptions, connectAssistant } from '../assistant.ts';
import { type Age, useWorld, type World } from '../world.ts';

/** Starts a fresh cluster on which nothing is installed yet. */
export type OpenWorld = (age: Age) => Promise<World>;

/** The choice that the runtime selection plan abolishes, in every spelling. */
export const activeProvider = /active.?provider/i;

/** A fresh cluster, and assistants whose answers are kept. */
export interface Scenario {
  readonly world: () => World;
  connect(options?: AssistantOptions): Promise<Assistant>;
  /** Every answer so far, with the tool that gave it. */
  readonly answers: readonly (Answer & { readonly tool: string })[];
}

/** One scenario of the plan: a describe block of its own, on a cluster of its own. */
export function useScenario(open: OpenWorld, age: Age): Scenario {
  const world = useWorld(() => open(age));
  const answers: (Answer & { readonly tool: string })[] = [];
  return {
    world,
    answers,
    connect: (options) =>
      connectAssistant(world(), { ...options, overheard: (tool, answer) => answers.push({ tool, ...answer }) }),
  };
}

/** What a form would offer after asking the tool which runtimes are there. */
export async function offered(assistant: Assistant): Promise<RuntimeSelection> {
  const { runtimes } = await assistant.call(getRuntimesStatus, {});
  const [dynamo, kuberay] = ['dynamo', 'kuberay'].map((id) => {
    const { installed = null, healthy = null, message = '' } = runtimes.find((runtime) => runtime.id === id) ?? {};
    return { installed, healthy, message };
  });
  if (!dynamo || !kuberay) throw new Error('get_runtimes_status does not speak of both runtimes');
  return selectRuntime({ dynamo, kuberay });
}

/** Ends a scenario. */
export function testAnswers({ answers }: Scenario): void {
  test('[plan 5] no activeProviderId in any answer', () => {
    expect(answers).not.toEqual([]);
    expect(JSON.stringify(answers)).not.toMatch(activeProvider);
  });
}
