import { providersFor } from '../../foundry/listing.ts';
import type { Site } from '../../foundry/site.ts';
import { tools } from '../../tools/registry.ts';
import type { Tool } from '../../tools/tool.ts';
import { type Check, failed, ok, warning } from './check.ts';
import { failedBy } from './cluster.ts';

interface Need {
  readonly verb: string;
  readonly group: string;
  readonly plural: string;
  readonly clusterWide?: boolean;
}

const pods: Need = { verb: 'list', group: '', plural: 'pods' };

/** What each tool asks of the server, by tool name; `own` stands for the deployments of every runtime. */
const needsByTool: Readonly<Record<string, readonly (Need | { readonly own: string })[]>> = {
  get_runtimes_status: [
    { verb: 'get', group: 'apiextensions.k8s.io', plural: 'customresourcedefinitions', clusterWide: true },
    { verb: 'list', group: 'apps', plural: 'deployments' },
  ],
  list_deployments: [{ own: 'list' }, pods],
  get_deployment: [{ own: 'get' }, pods, { verb: 'list', group: '', plural: 'events' }],
  plan_deployment: [{ own: 'list' }, { own: 'patch' }],
  deploy_model: [{ own: 'list' }, { own: 'create' }, { own: 'patch' }],
  delete_deployment: [{ own: 'get' }, { own: 'list' }, { own: 'delete' }],
  install_runtime: [{ verb: '*', group: '*', plural: '*', clusterWide: true }],
  uninstall_runtime: [{ verb: '*', group: '*', plural: '*', clusterWide: true }],
};

/** One line per tool: whether this identity may do what the tool does, asked of the server itself. */
export async function permissionChecks(site: Site, signal: AbortSignal): Promise<readonly Check[]> {
  const asked = new Map<string, Promise<boolean>>();
  const allowed = (need: Need, namespace: string | undefined): Promise<boolean> => {
    const { verb, group, plural } = need;
    const key = [verb, group, plural, namespace ?? ''].join(' ');
    const known = asked.get(key);
    if (known !== undefined) return known;
    const question = { verb, group, plural, ...(namespace !== undefined && { namespace }) };
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

async function permissionCheck(
  site: Site,
  tool: Tool,
  allowed: (need: Need, namespace: string | undefined) => Promise<boolean>,
): Promise<Check> {
  const name = `may ${tool.command}`;
  const providers = providersFor(undefined);
  const known = needsByTool[tool.name];
  if (known === undefined)
    return warning(name, 'unknown: nobody has written down what it needs', 'Report this as a bug.');
  const needs = known.flatMap((need) =>
    'own' in need
      ? providers.map(({ group, plural }) => ({ verb: need.own, group, plural, clusterWide: false }))
      : need,
  );
  const some = site.cluster.namespaces ?? [...new Set(providers.map((provider) => provider.defaultNamespace))];
  const answers = await Promise.all(
    needs.map(async (need) => {
      if (site.cluster.namespaces === undefined && (await allowed(need, undefined)))
        return { need, where: 'everywhere' };
      if (need.clusterWide === true) return { need, where: 'nowhere' };
      const here = await Promise.all(some.map((namespace) => allowed(need, namespace)));
      return { need, where: here.every((yes) => yes) ? 'some' : 'nowhere' };
    }),
  );
  const missing = answers.filter(({ where }) => where === 'nowhere').map(({ need }) => wordsFor(need));
  if (missing.length > 0) {
    const problem = tool.effect === 'read' && tool.name !== 'plan_deployment' ? failed : warning;
    return problem(
      name,
      `no: ${missing.join(', ')}`,
      'Ask an administrator for these rights, or pass --namespaces with yours.',
    );
  }
  return ok(name, answers.some(({ where }) => where === 'some') ? `yes, in ${some.join(', ')}` : 'yes');
}

const wordsFor = ({ verb, group, plural }: Need): string =>
  verb === '*' ? 'the rights of a cluster administrator' : `${verb} ${group === '' ? plural : `${plural}.${group}`}`;
