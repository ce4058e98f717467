import type { Packed } from './packed.ts';

/** What belongs to deployments, filed as their provider files it, and who looks into which file. */
export interface Files {
  items(name: string): readonly Packed[];
  /** Puts an object into its file; gives the places of those who look into it. */
  put(packed: Packed): readonly string[];
  /** The same for one that is gone. */
  take(packed: Packed): readonly string[];
  /** From now on a place looks into these files, no longer into those of before. */
  look(place: string, into: readonly string[], before: readonly string[]): void;
}

interface File {
  items: readonly Packed[];
  /** The places of the primaries that look into it. */
  lookers: readonly string[];
}

const none: File = { items: [], lookers: [] };

export function createFiles(): Files {
  const files = new Map<string, File>();
  const at = (name: string): File => files.get(name) ?? none;

  function change(name: string, next: Partial<File>): readonly string[] {
    const file = { ...at(name), ...next };
    if (file.items.length === 0 && file.lookers.length === 0) files.delete(name);
    else files.set(name, file);
    return file.lookers;
  }

  return {
    items: (name) => at(name).items,
    put: (packed) =>
      packed.file === undefined ? [] : change(packed.file, { items: [...at(packed.file).items, packed] }),
    take: (packed) =>
      packed.file === undefined
        ? []
        : change(packed.file, { items: at(packed.file).items.filter((item) => item !== packed) }),
    look(place, into, before) {
      for (const name of before) {
        if (!into.includes(name)) change(name, { lookers: at(name).lookers.filter((looker) => looker !== place) });
      }
      for (const name of into) {
        if (!before.includes(name)) change(name, { lookers: [...at(name).lookers, place] });
      }
    },
  };
}
