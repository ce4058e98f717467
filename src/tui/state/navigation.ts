import type { Deployment } from '../../foundry/deployment.ts';
import type { Tool } from '../../tools/tool.ts';

/** What a deployment is called; enough to find it in a list and to give it to a tool. */
export type DeploymentKey = Pick<Deployment, 'namespace' | 'name' | 'runtime'>;

export const deploymentTabs = ['overview', 'pods', 'events', 'manifest'] as const;
export type DeploymentTab = (typeof deploymentTabs)[number];

/** Where one is. A screen is a line here and a line in `frame/screens.ts`. */
export type Place =
  | { readonly screen: 'runtimes' }
  | { readonly screen: 'runtime'; readonly runtime: Deployment['runtime'] }
  | { readonly screen: 'deployments' }
  | { readonly screen: 'deploy' }
  | {
      readonly screen: 'deployment';
      readonly deployment: DeploymentKey;
      readonly tab: DeploymentTab;
      /** When it was made from here, in milliseconds: the list tells of it a moment later. */
      readonly madeAt?: number;
    };

export type ScreenName = Place['screen'];
export type PlaceOf<Name extends ScreenName> = Extract<Place, { screen: Name }>;

/** What lies over the screen, or beside it, and takes the keys. */
export type Overlay =
  | { readonly kind: 'help' }
  | { readonly kind: 'command' }
  | { readonly kind: 'palette' }
  /** `typed` is the beginning of a name, where one is known. */
  | { readonly kind: 'contexts' | 'namespaces'; readonly typed?: string }
  | { readonly kind: 'copy'; readonly deployment: DeploymentKey }
  | { readonly kind: 'actions'; readonly deployments: readonly Deployment[] }
  /** What a tool has to be told before it is called on the deployments. */
  | { readonly kind: 'inputs'; readonly tool: Tool; readonly deployments: readonly Deployment[] }
  /** As they are written. */
  | { readonly kind: 'logs'; readonly deployment: DeploymentKey }
  /** What a tool that only reads answers. */
  | { readonly kind: 'answer'; readonly tool: Tool; readonly input: Readonly<Record<string, unknown>> };

export interface Navigation {
  readonly place: Place;
  /** The latest last. */
  readonly older: readonly Place[];
  /** The nearest first. */
  readonly newer: readonly Place[];
  readonly overlay?: Overlay;
}

export type Move =
  | { readonly type: 'go'; readonly place: Place }
  /** Another look at the same thing: it leaves no trace in the history. */
  | { readonly type: 'turn'; readonly place: Place }
  | { readonly type: 'older' }
  | { readonly type: 'newer' }
  | { readonly type: 'open'; readonly overlay: Overlay }
  | { readonly type: 'close' };

/** Places that are remembered. */
const longestHistory = 50;

export const startAt = (place: Place): Navigation => ({ place, older: [], newer: [] });

export function navigate({ overlay, ...navigation }: Navigation, move: Move): Navigation {
  const { place, older, newer } = navigation;
  switch (move.type) {
    case 'go':
      if (samePlace(place, move.place)) return navigation;
      return { place: move.place, older: [...older, place].slice(-longestHistory), newer: [] };
    case 'turn':
      return { ...navigation, place: move.place };
    case 'older': {
      const before = older.at(-1);
      return before ? { place: before, older: older.slice(0, -1), newer: [place, ...newer] } : navigation;
    }
    case 'newer': {
      const [next, ...rest] = newer;
      return next ? { place: next, older: [...older, place], newer: rest } : navigation;
    }
    case 'open':
      return { ...navigation, overlay: move.overlay };
    case 'close':
      return navigation;
  }
}

/** The screen that a screen belongs under. */
export function parentOf(place: Place): Place | undefined {
  switch (place.screen) {
    case 'runtime':
      return { screen: 'runtimes' };
    case 'deployment':
    case 'deploy':
      return { screen: 'deployments' };
    case 'runtimes':
    case 'deployments':
      return undefined;
  }
}

const samePlace = (a: Place, b: Place): boolean => JSON.stringify(a) === JSON.stringify(b);
