import type { Source } from '../state/source.ts';
import type { Stroke } from '../terminal/strokes.ts';
import { edit, type Field, insert, isTyped } from '../text/field.ts';
import { type ActionId, actionIds, bindingOf } from './table.ts';

export type Actions = Readonly<Partial<Record<ActionId, () => void>>>;

/** Who gets a key first: the highest level, and of one level the latest. */
const levels = { frame: 0, screen: 1, panel: 2, dialog: 3 } as const;
export type Level = keyof typeof levels;

/** Takers of keys. A modal one lets nothing through to those below. */
export interface Layer {
  readonly level: Level;
  readonly modal: boolean;
  readonly actions: Actions;
  readonly typing?: Typing;
}

/** A text that takes keys before the actions do, and what is pasted. */
interface Typing {
  /** As it is now; undefined while there is none. */
  read(): Field | undefined;
  change(to: Field): void;
}

export interface Layers extends Source<readonly ActionId[]> {
  /** `read` gives the layer as it is now. Returns what removes it. */
  add(read: () => Layer): () => void;
  /** Looks anew at what can be done; told to listeners only where that changed. */
  refresh(): void;
  press(stroke: Stroke): void;
  paste(text: string): void;
  /** Runs an action that some layer offers, whatever lies above it. */
  run(id: ActionId): void;
  /** Everything that could be done if nothing modal were there. */
  offered(): readonly ActionId[];
}

/** The layers of keys; the snapshot is what the keys would do now. */
export function createLayers(
  /** Called before a key does something. */
  before: () => void = () => {},
): Layers {
  const readers = new Set<() => Layer>();
  const listeners = new Set<() => void>();
  let available: readonly ActionId[] = [];

  const ordered = (): readonly Layer[] =>
    [...readers]
      .map((read) => read())
      .reverse()
      .toSorted((a, b) => levels[b.level] - levels[a.level]);

  function refresh(): void {
    const reached = new Set<ActionId>();
    let isTyping = false;
    for (const layer of ordered()) {
      isTyping ||= layer.typing?.read() !== undefined;
      for (const id of idsIn([layer])) if (!isTyping || !lettered.has(id)) reached.add(id);
      if (layer.modal) break;
    }
    const now = actionIds.filter((id) => reached.has(id));
    if (now.join() === available.join()) return;
    available = now;
    for (const listener of [...listeners]) listener();
  }

  function carryOut(action: (() => void) | undefined): void {
    if (!action) return;
    before();
    action();
  }

  return {
    add(read) {
      readers.add(read);
      refresh();
      return () => {
        readers.delete(read);
        refresh();
      };
    },
    refresh,
    press(stroke) {
      for (const { actions, modal, typing } of ordered()) {
        const field = typing?.read();
        const typed = field && edit(field, stroke);
        if (typed) return typing?.change(typed);
        const id = actionIds.find(
          (candidate) => actions[candidate] !== undefined && bindingOf(candidate).keys.includes(stroke.name),
        );
        if (id !== undefined) return carryOut(actions[id]);
        if (modal) return;
      }
    },
    paste(text) {
      const [taker] = ordered().filter(({ typing, modal }) => typing?.read() !== undefined || modal);
      const field = taker?.typing?.read();
      // A line end that came with it is no part of it.
      if (field) taker?.typing?.change(insert(field, text.trim()));
    },
    run: (id) => carryOut(ordered().find(({ actions }) => actions[id] !== undefined)?.actions[id]),
    offered: () => idsIn(ordered()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => available,
  };
}

/** Actions whose key goes into a text where one is typed. */
const lettered: ReadonlySet<ActionId> = new Set(actionIds.filter((id) => bindingOf(id).keys.slice(0, 1).some(isTyped)));

const idsIn = (layers: readonly Layer[]): readonly ActionId[] =>
  actionIds.filter((id) => layers.some(({ actions }) => actions[id] !== undefined));
