import { redactText } from '../../foundry/redaction.ts';
import { inContext } from '../../foundry/shell.ts';
import type { Site } from '../../foundry/site.ts';
import { exitCodes } from '../failure.ts';
import type { GlobalOptions } from '../options.ts';
import type { Parts } from '../parts.ts';
import { render } from '../render.ts';
import { leadingThere, type Where } from '../where.ts';
import { type Check, ok } from './check.ts';
import { failedBy, installerCheck, leftoverChecks, reachabilityCheck, runtimeChecks } from './cluster.ts';
import { machineChecks } from './machine.ts';
import { permissionChecks } from './permissions.ts';

const marks = { ok: '✓', warning: '!', failed: '✗' } as const;

/** Prints one line per check, with its cure where it is not well. Returns 1 when something essential fails. */
export async function runDoctor(options: GlobalOptions, parts: Parts): Promise<number> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const workshop = await parts.assemble(options);
  try {
    const checks = [
      ...machineChecks(),
      ...(await clusterChecks(() => workshop.foundry.site(undefined), options, abort.signal)),
    ];
    console.log(
      redactText(render({ data: () => ({ checks }), text: () => checks.map(line).join('\n') }, options.output)),
    );
    return checks.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCodes.done;
  } finally {
    await workshop.close();
  }
}

/** Each check stands on the one before: without a kubeconfig there is no server, without a server nothing to ask. */
async function clusterChecks(open: () => Promise<Site>, where: Where, signal: AbortSignal): Promise<readonly Check[]> {
  let site: Site;
  try {
    site = await open();
  } catch (error) {
    return [failedBy('kubeconfig', error)];
  }
  const kubeconfig = ok('kubeconfig', `context ${site.context}`);
  const server = await reachabilityCheck(site, signal);
  const there = (check: Check) => advising(check, site, where);
  if (server.state === 'failed') return [kubeconfig, there(server), await installerCheck(site, signal)];
  const answers = await Promise.all([
    runtimeChecks(site, where, signal),
    permissionChecks(site, signal),
    installerCheck(site, signal),
    leftoverChecks(site, signal).catch((error) => [failedBy('leftover settings', error)]),
  ]);
  return [kubeconfig, server, ...answers.flat().map(there)];
}

/** What it says to run is for the cluster that was looked at, whichever is the current one by then. */
function advising({ cure, message, ...check }: Check, { cluster }: Site, where: Where): Check {
  const there = (text: string) => leadingThere(inContext(text, cluster.namedContext), where);
  return { ...check, message: there(message), cure: cure && there(cure) };
}

const line = ({ name, state, message, cure }: Check): string =>
  `${marks[state]} ${name}: ${message}${cure === undefined ? '' : `\n    ${cure}`}`;
