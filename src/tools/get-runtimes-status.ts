import * as z from 'zod';
import { mayOnPrimaries, readingCrdsAndNodes, readingOperators } from '../foundry/rights.ts';
import { type RuntimeStatus, type RuntimesStatus, readRuntimesStatus, runtimesStatus } from '../foundry/runtimes.ts';
import { context, runtime } from './inputs.ts';
import { table } from './text/table.ts';
import { lines, problemLines } from './text/words.ts';
import type { Tool } from './tool.ts';

type Problems = RuntimesStatus['problems'];

const input = z.strictObject({ runtime: runtime.optional(), context });

export const getRuntimesStatus: Tool<typeof input, typeof runtimesStatus> = {
  name: 'get_runtimes_status',
  command: 'runtimes',
  title: 'Runtimes in the cluster',
  description:
    'Which inference runtimes are installed and healthy, with version, engines, modes and default namespace. Call it before choosing a runtime.',
  effect: 'read',
  needs: {
    role: 'observe',
    rights: [...readingOperators, ...mayOnPrimaries('list')],
    optional: readingCrdsAndNodes,
  },
  input,
  output: runtimesStatus,
  route: { method: 'GET', path: '/runtimes/status' },
  async run(request, { foundry }, signal) {
    const site = await foundry.site(request.context);
    return readRuntimesStatus(site, { runtime: request.runtime }, signal);
  },
  unmet: ({ serverVersion }) => serverVersion === null,
  text: ({ context: name, serverVersion, runtimes, problems }) =>
    lines(
      `context ${name}, Kubernetes ${serverVersion ?? unreadWords(problems)}`,
      table(
        ['RUNTIME', 'STATE', 'VERSION', 'ENGINES', 'NAMESPACE', 'DEPLOYMENTS'],
        runtimes.map((row) => [
          row.id,
          row.state,
          row.version ?? '',
          row.engines.join(','),
          row.defaultNamespace,
          row.deployments === null ? '?' : String(row.deployments),
        ]),
      ),
      ...runtimes
        .filter(({ state, notes }) => state !== 'ready' || notes.length > 0)
        .map((row) => messageLine(row, problems)),
      problemLines(problems),
    ),
};

/** A cluster that refuses us was reached. */
const unreadWords = ([first]: Problems): string =>
  first?.code === 'UNAUTHENTICATED' ? 'refuses our credentials' : 'unreachable';

function messageLine({ id, state, message = '', notes, installed }: RuntimeStatus, problems: Problems): string {
  const words = state === 'ready' ? notes.join(' ') : withoutProblems(message, problems);
  return `${id}: ${words}${installed === false ? ` Install it: install_runtime {"runtime":"${id}"}` : ''}`;
}

/** What the problems say below is not said here, too. */
const withoutProblems = (message: string, problems: Problems): string =>
  problems.reduce((text, problem) => text.replace(`: ${problem.message}`, '.'), message);
