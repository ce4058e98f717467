import { createContext, useContext } from 'react';
import type * as z from 'zod';
import type { Foundry } from '../../foundry/foundry.ts';
import { type CallResult, callTool } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';
import { type Connections, createConnections, type OpenConnection } from '../data/connection.ts';
import { type Draft, type DraftAction, emptyDraft, reduceDraft } from '../form/draft.ts';
import { createLayers, type Layers } from '../keys/layers.ts';
import type { ThemeName } from '../themes/themes.ts';
import { type Access, createAccess } from './access.ts';
import { createClock } from './clock.ts';
import type { Diagnosed } from './diagnosed.ts';
import { createDialogs, type Dialogs } from './dialogs.ts';
import { createFlash, type Flash } from './flash.ts';
import { emptyList, type ListAction, type ListState, reduceList } from './list.ts';
import { type Move, type Navigation, navigate, type Place, startAt } from './navigation.ts';
import { createOperations, type Operations } from './operations.ts';
import { type Cell, createCell, createStore, type Source, type Store } from './source.ts';
import { type Status, silent } from './status.ts';
import type { AsCommands, CommandsIn } from './worded.ts';

/** A line of the user's kubeconfig. */
export interface ContextChoice {
  readonly name: string;
  readonly server?: string;
  readonly current: boolean;
  /** What else is to be said of it. */
  readonly note?: string;
}

export interface DashboardOptions {
  readonly foundry: Foundry;
  readonly context?: string;
  /** Who acts, for the Event on the object. */
  readonly caller: string;
  readonly theme: ThemeName;
  readonly version: string;
  /** The contexts to choose from. */
  readonly contexts: () => Promise<readonly ContextChoice[]>;
  readonly now?: () => Date;
  readonly asCommands: AsCommands;
  readonly commandsIn: CommandsIn;
  /** The cluster is one of this process: no command reaches it. */
  readonly isPrivate?: boolean;
  /** Writes to the terminal beside what is painted: the clipboard. */
  readonly write: (sequence: string) => void;
  readonly place?: Place;
}

/** Everything that outlives a screen, made once. Views read it by `useLive` and change it by its methods. */
export interface Dashboard {
  readonly options: DashboardOptions;
  readonly navigation: Store<Navigation, Move>;
  readonly connections: Connections;
  readonly access: Access;
  readonly operations: Operations;
  readonly dialogs: Dialogs;
  readonly flash: Flash;
  readonly layers: Layers;
  readonly status: Cell<Source<Status>>;
  readonly theme: Cell<ThemeName>;
  /** The time, told each second. */
  readonly clock: Source<Date>;
  /** What was chosen in each list: it stays when one leaves the screen. */
  readonly lists: Readonly<Record<'deployments' | 'runtimes', Store<ListState, ListAction>>>;
  /** What stands in the deploy form of a context: it stays there until it is deployed. */
  draftOf(context: string): Store<Draft, DraftAction>;
  /** Why the deployment that one looks at does not run. */
  readonly diagnosed: Cell<Diagnosed | undefined>;
  now(): Date;
  go(place: Place): void;
  /** Calls a tool in the context that is shown; `note` stands in its question. */
  run(tool: Tool, input: Readonly<Record<string, unknown>>, note?: string): Promise<CallResult | undefined>;
  /** The same for several inputs: one question is asked for all. */
  runAll(tool: Tool, inputs: readonly Readonly<Record<string, unknown>>[], note?: string): Promise<void>;
  /** Calls a tool that changes nothing, quietly: undefined where it was stopped, or there is no cluster to ask. */
  ask(tool: Tool, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<CallResult | undefined>;
  /** The same, with what it gives; undefined where it was refused, too. */
  read<In extends z.ZodObject, Out extends z.ZodObject>(
    tool: Tool<In, Out>,
    input: z.input<In>,
    signal: AbortSignal,
  ): Promise<z.output<Out> | undefined>;
  /** Tells what was broken off, and how to go on. */
  close(): Promise<readonly string[]>;
}

export function createDashboard(options: DashboardOptions): Dashboard {
  const { foundry, caller, asCommands, now = () => new Date() } = options;
  const flash = createFlash();
  const dialogs = createDialogs();
  const access = createAccess(now);
  const connections = createConnections(foundry, access);
  const operations = createOperations({ foundry, caller, asCommands, dialogs, flash, now });
  const navigation = createStore(navigate, startAt(options.place ?? { screen: 'deployments' }));
  const drafts = new Map<string, Store<Draft, DraftAction>>();

  const ask: Dashboard['ask'] = async (tool, input, signal) => {
    const connection = connections.snapshot();
    if (connection.state !== 'open') return undefined;
    const context = { foundry, caller, progress: () => {} };
    const asked = inputThere(input, connection);
    try {
      return await callTool(tool, asked, { context, signal, ask: async () => 'unavailable', wide: true });
    } catch {
      return undefined;
    }
  };

  return {
    options,
    navigation,
    connections,
    access,
    operations,
    dialogs,
    flash,
    layers: createLayers(flash.pass),
    status: createCell<Source<Status>>(silent),
    theme: createCell(options.theme),
    clock: createClock(now),
    lists: {
      deployments: createStore(reduceList, emptyList('name')),
      runtimes: createStore(reduceList, emptyList('name')),
    },
    draftOf(context) {
      const draft = drafts.get(context) ?? createStore(reduceDraft, emptyDraft);
      drafts.set(context, draft);
      return draft;
    },
    diagnosed: createCell<Diagnosed | undefined>(undefined),
    now,
    go: (place) => navigation.dispatch({ type: 'go', place }),
    async run(tool, input, note) {
      const connection = connections.snapshot();
      if (connection.state !== 'open') return undefined;
      const result = await operations.run(tool, inputThere(input, connection), note);
      connection.runtimes.refresh();
      return result;
    },
    async runAll(tool, inputs, note) {
      const connection = connections.snapshot();
      if (connection.state !== 'open') return;
      await operations.runAll(
        tool,
        inputs.map((input) => inputThere(input, connection)),
        note,
      );
      connection.runtimes.refresh();
    },
    ask,
    async read(tool, input, signal) {
      const result = await ask(tool, input, signal);
      return result?.ok ? tool.output.parse(result.data) : undefined;
    },
    async close() {
      const left = await operations.close();
      flash.clear();
      return left;
    },
  };
}

/** A call for the cluster that is looked at. */
const inputThere = (input: Readonly<Record<string, unknown>>, { site }: OpenConnection) => {
  const { namedContext } = site.cluster;
  return namedContext === undefined ? input : { ...input, context: namedContext };
};

export const DashboardContext = createContext<Dashboard | undefined>(undefined);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (!dashboard) throw new Error('a view stands outside of the dashboard');
  return dashboard;
}
