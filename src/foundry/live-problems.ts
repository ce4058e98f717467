import { providers } from '../providers/registry.ts';
import type { LiveDeployments } from './live-listing.ts';
import { problemsOf, type RuntimeProblem } from './problems.ts';
import { inContext } from './shell.ts';

/** What permissions hide of the live list, in the words of `list_deployments`. */
export const hiddenProblems = (
  { runtimes }: LiveDeployments,
  { context, namespace }: { readonly context: string | undefined; readonly namespace: string | undefined },
): readonly RuntimeProblem[] =>
  providers.flatMap((provider) => {
    const { group, kind } = provider;
    const { error, unread = [] } = runtimes.find(({ runtime }) => runtime === provider.id) ?? {};
    const own = error ? [{ ...error, query: { group, kind, namespace } }] : [];
    const refused = [...own, ...unread].filter(({ code }) => code === 'FORBIDDEN');
    return problemsOf({ provider, served: true, objects: [], failed: [] }, refused).map((problem) => ({
      ...problem,
      hint: inContext(problem.hint, context),
    }));
  });
