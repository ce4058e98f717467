/** One thing that a key does. */
interface Binding {
  /** Names of strokes (`terminal/strokes.ts`); the first one is shown. */
  readonly keys: readonly string[];
  readonly label: string;
  /** Shown in the bottom row; the lower, the longer it stays when room is short. */
  readonly hint?: number;
  /** Other words for it in the palette, such as k9s users type. */
  readonly words?: string;
  /** What is chosen from where a name follows it in the palette: `:ns research`. */
  readonly names?: 'contexts' | 'namespaces';
  /** Changes the cluster: not offered in read-only mode. */
  readonly mutates?: true;
}

/** Every key of the dashboard. Hints, help, palette, `docs/keys.md` and the tests derive from it. The part before the dot groups. */
const bindings = {
  'app.runtimes': { keys: ['1'], label: 'Runtimes', words: 'rt' },
  'app.deployments': { keys: ['2'], label: 'Deployments', words: 'dp' },
  'app.deploy': { keys: ['d'], label: 'deploy', hint: 3 },
  'app.palette': { keys: [':'], label: 'command', hint: 8 },
  'app.help': { keys: ['?'], label: 'help', hint: 0 },
  'app.back': { keys: ['escape'], label: 'back', hint: 9 },
  'app.older': { keys: ['['], label: 'back in history' },
  'app.newer': { keys: [']'], label: 'forward in history' },
  'app.context': { keys: ['c'], label: 'context', words: 'ctx', names: 'contexts' },
  'app.namespace': { keys: ['n'], label: 'namespace', words: 'ns', names: 'namespaces' },
  'app.theme': { keys: ['t'], label: 'next theme' },
  'app.writing': { keys: ['W'], label: 'read-only / read-write' },
  'app.command': { keys: ['@'], label: 'show the last action as commands' },
  'app.refresh': { keys: ['ctrl+r'], label: 'read again' },
  'app.repaint': { keys: ['ctrl+l'], label: 'repaint' },
  'app.stop': { keys: ['ctrl+x'], label: 'stop the running action' },
  'app.quit': { keys: ['q'], label: 'back, quit at the root' },
  'app.exit': { keys: ['ctrl+c'], label: 'quit', words: 'exit q!' },

  'list.down': { keys: ['j', 'down'], label: 'down' },
  'list.up': { keys: ['k', 'up'], label: 'up' },
  'list.pageDown': { keys: ['pagedown', 'ctrl+f'], label: 'page down' },
  'list.pageUp': { keys: ['pageup', 'ctrl+b'], label: 'page up' },
  'list.first': { keys: ['g', 'home'], label: 'first' },
  'list.last': { keys: ['G', 'end'], label: 'last' },
  'list.open': { keys: ['enter'], label: 'open', hint: 2 },

  'table.filter': { keys: ['/'], label: 'filter', hint: 4 },
  'table.faults': { keys: ['f'], label: 'faults only', hint: 11 },
  'table.sort': { keys: ['S'], label: 'sort', hint: 5 },
  'table.sortNext': { keys: ['o'], label: 'sort by the next column' },
  'table.reverse': { keys: ['O'], label: 'reverse the order' },
  'table.wide': { keys: ['w'], label: 'wide columns' },
  'table.layout': { keys: ['+', '_'], label: 'list or list and detail' },
  'table.mark': { keys: ['space'], label: 'mark', hint: 9 },
  'table.range': { keys: ['v'], label: 'mark up to here' },
  'table.markAll': { keys: ['A'], label: 'mark all shown, or none' },

  'deployment.delete': { keys: ['x'], label: 'delete', hint: 3, mutates: true },
  'deployment.scale': { keys: ['s'], label: 'scale', hint: 5, mutates: true },
  'deployment.restart': { keys: ['r'], label: 'restart', hint: 12, mutates: true },
  'deployment.diagnose': { keys: ['!'], label: 'diagnose', hint: 6, words: 'why' },
  'deployment.logs': { keys: ['l'], label: 'logs', hint: 3 },
  'deployment.metrics': { keys: ['m'], label: 'metrics', hint: 12 },
  'deployment.edit': { keys: ['E'], label: 'edit in the form', hint: 9 },
  'deployment.duplicate': { keys: ['D'], label: 'duplicate into the form', hint: 10 },
  'deployment.actions': { keys: ['a'], label: 'actions', hint: 6 },
  'deployment.copy': { keys: ['y'], label: 'copy', hint: 7 },

  'tab.overview': { keys: ['o'], label: 'overview' },
  'tab.pods': { keys: ['p'], label: 'pods' },
  'tab.events': { keys: ['e'], label: 'events' },
  'tab.manifest': { keys: ['Y'], label: 'manifest' },
  'tab.next': { keys: ['tab', 'right'], label: 'next tab', hint: 3 },
  'tab.previous': { keys: ['shift+tab', 'left'], label: 'previous tab' },

  'runtime.install': { keys: ['i'], label: 'install', hint: 3, mutates: true },
  'runtime.upgrade': { keys: ['U'], label: 'upgrade', hint: 3, mutates: true },
  'runtime.uninstall': { keys: ['X'], label: 'uninstall', hint: 4, mutates: true },

  'form.next': { keys: ['tab', 'down'], label: 'next', hint: 2 },
  'form.previous': { keys: ['shift+tab', 'up'], label: 'previous', hint: 10 },
  'form.accept': { keys: ['enter'], label: 'choose, and on to the next' },
  'form.choose': { keys: ['space'], label: 'choose', hint: 3 },
  'form.right': { keys: ['right'], label: 'next choice' },
  'form.left': { keys: ['left'], label: 'choice before' },
  'form.install': { keys: ['i'], label: 'install the runtime, keep the form', hint: 1 },
  'form.review': { keys: ['ctrl+s'], label: 'to the end', hint: 4 },
  'form.preview': { keys: ['ctrl+p'], label: 'YAML', hint: 5 },
  'form.previewDown': { keys: ['pagedown'], label: 'YAML: page down' },
  'form.previewUp': { keys: ['pageup'], label: 'YAML: page up' },
  'form.copy': { keys: ['ctrl+y'], label: 'copy as tool call', hint: 11 },
  'form.clear': { keys: ['ctrl+n'], label: 'empty the form', hint: 12 },
  'send.deploy': { keys: ['enter'], label: 'deploy', hint: 1, mutates: true },

  'choice.accept': { keys: ['enter'], label: 'choose', hint: 1 },
  'choice.cancel': { keys: ['escape'], label: 'cancel', hint: 2 },
  'choice.down': { keys: ['down', 'ctrl+n'], label: 'down' },
  'choice.up': { keys: ['up', 'ctrl+p'], label: 'up' },
  'choice.complete': { keys: ['tab'], label: 'complete' },

  'dialog.yes': { keys: ['y'], label: 'yes', hint: 1 },
  'dialog.no': { keys: ['n', 'escape', 'q'], label: 'no', hint: 2 },
  'dialog.confirm': { keys: ['enter'], label: 'confirm', hint: 1 },
  'dialog.cancel': { keys: ['escape'], label: 'cancel', hint: 2 },
  'dialog.down': { keys: ['down', 'j', 'pagedown'], label: 'more' },
  'dialog.up': { keys: ['up', 'k', 'pageup'], label: 'back' },

  'page.close': { keys: ['escape', 'q', '?'], label: 'close', hint: 1 },
  'page.down': { keys: ['down', 'j', 'pagedown', 'space'], label: 'more', hint: 2 },
  'page.up': { keys: ['up', 'k', 'pageup'], label: 'back' },
  'page.first': { keys: ['g', 'home'], label: 'first row' },
  'page.last': { keys: ['G', 'end'], label: 'last row' },
  'page.copy': { keys: ['y'], label: 'copy a command', hint: 4 },
  'page.again': { keys: ['r', 'ctrl+r'], label: 'ask again', hint: 3 },
} as const satisfies Readonly<Record<string, Binding>>;

export type ActionId = keyof typeof bindings;

export const actionIds = Object.keys(bindings) as readonly ActionId[];

export const bindingOf = (id: ActionId): Binding => bindings[id];

/** What it does, and how to do it by name where that takes one. */
export const helpOf = ({ label, words, names }: Binding): string =>
  names === undefined ? label : `${label}, also :${words} NAME`;

/** Titles of the groups, in the order in which help shows them. */
export const groups = [
  ['app', 'Everywhere'],
  ['list', 'Lists'],
  ['table', 'Deployments: the list'],
  ['deployment', 'Deployments: actions'],
  ['tab', 'Deployments: detail'],
  ['runtime', 'Runtimes'],
  ['form', 'Deploy form'],
  ['send', 'Deploy form: its last row'],
  ['choice', 'Palette, pickers and prompts'],
  ['dialog', 'Questions'],
  ['page', 'Pages'],
] as const;

export const groupOf = (id: ActionId): string => id.slice(0, id.indexOf('.'));

const shownKeys: Readonly<Record<string, string>> = {
  escape: 'Esc',
  enter: 'Enter',
  space: 'Space',
  tab: 'Tab',
  'shift+tab': 'Shift-Tab',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
};

/** `ctrl+r` → `Ctrl-R`. */
export const keyLabel = (name: string): string =>
  shownKeys[name] ?? name.replace(/^ctrl\+(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);

/** The key that does it, as people write it. */
export const keyOf = (id: ActionId): string => keyLabel(bindingOf(id).keys[0] ?? '');
