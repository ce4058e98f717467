import type { ScenarioName } from '../../src/sandbox/scenarios/scenario.ts';
import type { Place } from '../../src/tui/state/navigation.ts';
import type { ThemeName } from '../../src/tui/themes/themes.ts';
import type { Screen } from '../../test/support/terminal.ts';

/** One picture: how one gets to what it shows. */
export interface Scene {
  /** Of its files. */
  readonly name: string;
  readonly scenario: ScenarioName;
  /** Default: the list of deployments. */
  readonly place?: Place;
  /** Default 80×24. */
  readonly size?: readonly [columns: number, rows: number];
  /** Default dark. */
  readonly theme?: ThemeName;
  /** Seen before anything is pressed. */
  readonly sees: string | RegExp;
  readonly play?: (screen: Screen) => Promise<void>;
}

const wide = [160, 50] as const;
const busy = { scenario: 'busy', sees: /row 1\/40/ } as const;
const runtimes = { scenario: 'kuberay', place: { screen: 'runtimes' }, sees: 'reachable' } as const;
const form = { scenario: 'both', place: { screen: 'deploy' }, sees: 'HEALTHY' } as const;
const deployment = { namespace: 'dynamo-system', name: 'llama-70b-split', runtime: 'dynamo' } as const;

const tab = (name: 'overview' | 'pods' | 'events' | 'manifest', sees: string | RegExp): Scene => ({
  name: `deployment-${name}`,
  scenario: 'busy',
  place: { screen: 'deployment', deployment, tab: name },
  size: [100, 30],
  sees,
});

const fillIn = async (screen: Screen) => {
  await screen.type('chat');
  await screen.press('tab', 'tab', 'tab');
  await screen.type('Qwen/Qwen3-0.6B');
  await screen.sees(/Dry run +the server accepts it/);
};

const plan = async (screen: Screen) => {
  await screen.press('enter');
  await screen.sees('By hand');
  await screen.press('i');
  await screen.sees('Carry it out?');
};

/** Every screen. A new one is one more line. */
export const scenes: readonly Scene[] = [
  { ...busy, name: 'deployments' },
  { ...busy, name: 'deployments-wide', size: wide, play: (screen) => screen.press('j', 'j', 'space', 'j', 'space') },
  {
    ...busy,
    name: 'deployments-filter',
    play: async (screen) => {
      await screen.type('/runtime:kuberay phase!=Running');
      await screen.seesNot(/ DYN {2}\w/);
    },
  },
  { ...busy, name: 'theme-light', theme: 'light' },
  { ...busy, name: 'theme-contrast', theme: 'contrast' },
  { ...busy, name: 'theme-plain', theme: 'plain' },
  { ...busy, name: 'theme-ascii', theme: 'ascii' },
  tab('overview', 'endpoint'),
  tab('pods', 'RESTARTS'),
  tab('events', /Pod\//),
  tab('manifest', 'kind: DynamoGraphDeployment'),
  { ...busy, name: 'help', size: [100, 40], play: (screen) => screen.press('?') },
  { ...busy, name: 'palette', play: (screen) => screen.type(':de') },
  {
    ...busy,
    name: 'namespaces',
    play: async (screen) => {
      await screen.press('n');
      await screen.sees('research');
    },
  },
  { ...busy, name: 'copy', play: (screen) => screen.press('y') },
  {
    ...busy,
    name: 'delete',
    play: async (screen) => {
      await screen.press('x');
      await screen.sees('Carry it out?');
    },
  },
  {
    ...busy,
    name: 'delete-several',
    size: [100, 30],
    play: async (screen) => {
      await screen.press('space', 'space', 'space', 'x');
      await screen.sees('3 at once');
    },
  },
  {
    ...busy,
    name: 'actions',
    play: async (screen) => {
      await screen.press('a');
      await screen.sees('Scale a deployment');
    },
  },
  {
    ...busy,
    name: 'scale',
    play: async (screen) => {
      await screen.press('s');
      await screen.sees('now 1');
    },
  },
  {
    ...busy,
    name: 'logs',
    size: [110, 30],
    play: async (screen) => {
      await screen.type('/llama-70b-split\rl');
      await screen.sees('Registered endpoint');
    },
  },
  {
    ...busy,
    name: 'why',
    size: [120, 24],
    play: async (screen) => {
      await screen.press('f', 'j', 'j', 'j', 'j', 'j');
      await screen.sees('GPUS_');
    },
  },
  { ...runtimes, name: 'runtimes' },
  {
    ...runtimes,
    name: 'runtime',
    play: async (screen) => {
      await screen.press('enter');
      await screen.sees('By hand');
    },
  },
  { ...runtimes, name: 'runtime-plan', play: plan },
  {
    ...runtimes,
    name: 'runtime-progress',
    play: async (screen) => {
      await plan(screen);
      await screen.press('y');
      await screen.sees(/> Wait until the operator/);
    },
  },
  {
    ...runtimes,
    name: 'runtime-upgrade',
    scenario: 'legacy',
    size: [110, 30],
    play: async (screen) => {
      await screen.press('U');
      await screen.sees('another version');
    },
  },
  { ...form, name: 'form', play: fillIn },
  { ...form, name: 'form-wide', size: wide, play: fillIn },
  {
    ...busy,
    name: 'form-edit',
    size: [110, 40],
    play: async (screen) => {
      await screen.type('/runtime:kuberay phase:Running\rE');
      await screen.sees(/Dry run +the server accepts it/);
      await screen.press(...Array.from({ length: 8 }, () => 'tab'), 'ctrl+u');
      await screen.type('2');
      await screen.sees(/replicas: 1 → 2/i);
    },
  },
];
