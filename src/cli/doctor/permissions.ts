import { namedNamespaces } from '../../foundry/permitted.ts';
import { type AccessRole, bindingCommand, observing, type Right, resourceWord } from '../../foundry/rights.ts';
import type { Site } from '../../foundry/site.ts';
import { clusterRoles } from '../../tools/access-roles.ts';
import { tools } from '../../tools/registry.ts';
import type { Tool } from '../../tools/tool.ts';
import { type Check, failed, ok, warning } from './check.ts';
import { failedBy } from './cluster.ts';

type Allowed = (right: Right, namespace: string | undefined) => Promise<boolean>;

/** One line per tool: whether this identity may do what the tool does, asked of the server itself. */
export async function permissionChecks(site: Site, signal: AbortSignal): Promise<readonly Check[]> {
  const asked = new Map<string, Promise<boolean>>();
  const allowed: Allowed = ({ verb, group, resource, name }, namespace) => {
    const [plural = '', subresource] = resource.split('/');
    const question = { verb, group, plural, subresource, name, namespace };
    const key = JSON.stringify(question);
    const known = asked.get(key);
    if (known !== undefined) return known;
    const answer = site.cluster.access(question, { signal }).then((review) => review.allowed);
    asked.set(key, answer);
    return answer;
  };
  return Promise.all(
    tools
      .filter((tool) => tool.effect === 'read' || !site.cluster.readOnly)
      .map((tool) => permissionCheck(site, tool, allowed).catch((error) => failedBy(`may ${tool.command}`, error))),
  );
}

async function permissionCheck(site: Site, tool: Tool, allowed: Allowed): Promise<Check> {
  const name = `may ${tool.command}`;
  const { role, rights, optional = [] } = tool.needs;
  const [needed, helpful] = await Promise.all([rights, optional].map((some) => missingOf(site, some, allowed)));
  if (needed && needed.missing.length > 0) {
    const lacking = lackingRoles(needed.missing, role);
    // Without what stands outside namespaces, everything else works.
    const problem = role === 'observe' && lacking.has(observing.within) ? failed : warning;
    return problem(name, `no: it lacks ${wordsFor(lacking)}`, cureFor([...lacking.keys()]));
  }
  const where = needed?.within ? `yes, in ${needed.within.join(', ')}` : 'yes';
  const without =
    helpful && helpful.missing.length > 0 ? `; it does without ${wordsFor(lackingRoles(helpful.missing, role))}` : '';
  return ok(name, `${where}${without}`);
}

/** Which rights are missing; `within` are the namespaces that have all of them where the whole cluster has not. */
async function missingOf(
  { cluster }: Site,
  rights: readonly Right[],
  allowed: Allowed,
): Promise<{ readonly missing: readonly Right[]; readonly within?: readonly string[] }> {
  const known = cluster.namespaces ?? namedNamespaces(cluster);
  const answers = await Promise.all(
    rights.map(async (right) => {
      const whole = right.clusterWide === true || cluster.namespaces === undefined;
      if (whole && (await allowed(right, undefined))) return { right, within: undefined };
      if (right.clusterWide === true) return { right, within: [] };
      const here = await Promise.all(known.map((namespace) => allowed(right, namespace)));
      return { right, within: known.filter((_, index) => here[index]) };
    }),
  );
  const partial = answers.filter(({ within }) => within !== undefined);
  if (partial.length === 0) return { missing: [] };
  const within = known.filter((namespace) => partial.every((answer) => answer.within?.includes(namespace)));
  if (within.length > 0) return { missing: [], within };
  return { missing: partial.filter((answer) => (answer.within?.length ?? 0) < known.length).map(({ right }) => right) };
}

type Lacking = ReadonlyMap<string, readonly Right[]>;

/** The ClusterRoles that hold what is missing. */
function lackingRoles(missing: readonly Right[], role: AccessRole): Lacking {
  const clusterRoleOf = clusterRoles();
  return Map.groupBy(missing, (right) => clusterRoleOf(right, role));
}

/** Rights of a role that a line names; of more it gives an example. */
const mostNamed = 2;

/** `kubefoundry-observe-cluster (list nodes) and kubefoundry-deploy (for example create rayservices.ray.io)` */
const wordsFor = (lacking: Lacking): string =>
  [...lacking]
    .map(([clusterRole, rights]) => {
      const words = [...new Set(rights.map((right) => `${right.verb} ${resourceWord(right)}`))];
      return `${clusterRole} (${words.length > mostNamed ? `for example ${words[0]}` : words.join(', ')})`;
    })
    .join(' and ');

function cureFor(clusterRoles: readonly string[]): string {
  const [only = '', ...more] = clusterRoles;
  const binding = bindingCommand(more.length === 0 ? only : 'ROLE');
  const instead = clusterRoles.includes(observing.within) ? '; or pass --namespaces with yours' : '';
  return `Ask an administrator to bind ${clusterRoles.join(' and ')} (docs/rbac): ${binding}${instead}`;
}
