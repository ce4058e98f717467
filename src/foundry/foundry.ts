import type { Cluster } from '../cluster/cluster.ts';
import type { Hub } from '../hub/hub.ts';
import type { Installer } from './installer.ts';
import { createModelLibrary } from './models/model-library.ts';
import { createSite, type Site } from './site.ts';

export type { Installer } from './installer.ts';

export interface FoundryOptions {
  /** Opens the door to a kubeconfig context (absent = the current one). Called once per context. */
  readonly open: (context: string | undefined) => Promise<Cluster>;
  readonly installer: Installer;
  /** URL of a mirror from which all charts are taken; absent = where they are published. */
  readonly chartRepository?: string;
  /** Where models are looked up; absent = in the catalogue alone, and nothing is asked of the network. */
  readonly hub?: Hub;
  /** Globs of contexts in which every write asks a human first. */
  readonly protect: readonly string[];
  readonly now?: () => Date;
}

/** Joins providers and cluster, once for every runtime and front end. */
export interface Foundry {
  /** One cluster, opened when first asked for. Absent = the kubeconfig's current context. */
  site(context: string | undefined): Promise<Site>;
  /** Whether every write in that context asks first. */
  protects(context: string): boolean;
  close(): void;
}

export function createFoundry(options: FoundryOptions): Foundry {
  const sites = new Map<string | undefined, Promise<Site>>();
  const protectedNames = options.protect.map(patternOf);
  const now = options.now ?? (() => new Date());
  const models = createModelLibrary(options.hub);

  async function open(context: string | undefined): Promise<Site> {
    const { installer, chartRepository } = options;
    return createSite({ cluster: await options.open(context), installer, chartRepository, models, now });
  }

  return {
    site(context) {
      const known = sites.get(context);
      if (known) return known;
      const opening = open(context);
      sites.set(context, opening);
      // The current context by its name is the same cluster: one pool of connections for both.
      opening.then(
        (site) => sites.has(site.context) || sites.set(site.context, opening),
        () => sites.delete(context),
      );
      return opening;
    },
    protects: (context) => protectedNames.some((pattern) => pattern.test(context)),
    close() {
      for (const site of new Set(sites.values())) site.then(({ cluster }) => cluster.close()).catch(() => {});
      sites.clear();
    },
  };
}

/** `*` stands for any text, slashes too (contexts of cloud providers hold them), `?` for one character. */
function patternOf(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
