import * as z from 'zod';
import { askDeployment, deploymentAnswer } from '../foundry/querying.ts';
import { lookingUp, may, readingVersions } from '../foundry/rights.ts';
import { fenced, fencedText } from '../foundry/untrusted-text.ts';
import { deploymentRef } from './inputs.ts';
import { callOn, deploymentLine, whyLine } from './text/deployments.ts';
import { lines, problemLines } from './text/words.ts';
import type { Tool } from './tool.ts';

const input = z.strictObject({
  ...deploymentRef,
  prompt: z.string().min(1).max(8_000).optional().describe('default: a short question'),
  maxTokens: z.int().min(1).max(1_024).optional().describe('default 64'),
});

const output = deploymentAnswer.extend({ context: z.string() });

const shortQuestion = 'In one short sentence: what can you help with?';

export const queryDeployment: Tool<typeof input, typeof output> = {
  name: 'query_deployment',
  command: 'query',
  title: 'Ask a deployment',
  description:
    'Proves that a deployment serves: asks its model a question and measures time to first token and tokens/s. Tells how clients reach it.',
  effect: 'read',
  needs: {
    role: 'observe',
    rights: [...lookingUp, ...may('create', '', 'services/proxy')],
    optional: [...readingVersions, ...may('get', '', 'services/proxy')],
  },
  input,
  output,
  route: { method: 'POST', path: '/deployments/:name/query' },
  async run({ context: where, prompt = shortQuestion, maxTokens = 64, ...ref }, { foundry }, signal) {
    const site = await foundry.site(where);
    return { context: site.context, ...(await askDeployment(site, ref, { prompt, maxTokens }, signal)) };
  },
  unmet: ({ served }) => !served,
  text: (result) => {
    const { context, deployment, served, why, answer, problems } = result;
    return lines(
      `context ${context}: ${deploymentLine(deployment)}`,
      served ? measured(result) : `it does not answer${isComing(deployment.phase) ? ' yet' : ''}`,
      answer !== null && fencedText('Answer', answer),
      why !== null && fenced('Why', [why]),
      problemLines(problems),
      served && clientLines(result),
      !served &&
        (deployment.phase === 'Running' ? `Next: ${callOn('get_deployment', deployment)}` : whyLine(deployment)),
    );
  },
};

type Answer = z.output<typeof output>;

const isComing = (phase: Answer['deployment']['phase']): boolean => phase === 'Deploying' || phase === 'Pending';

const measured = ({ timeToFirstToken, tokensPerSecond, tokens, finishReason }: Answer): string =>
  [
    `it serves: first token after ${timeToFirstToken} ms`,
    `${tokensPerSecond ?? '?'} tokens/s`,
    `${tokens} tokens${finishReason === 'length' ? ' (cut at maxTokens)' : ''}`,
  ].join(', ');

/** Names that need no quoting wherever they are pasted. */
const plainModel = /^[\w./:@-]+$/;

/** How clients reach it. */
function clientLines({ deployment: { endpoint }, model }: Answer): string | undefined {
  if (endpoint === null) return undefined;
  const { service, namespace, port } = endpoint;
  const url = `http://localhost:${port}/v1`;
  const named = model !== null && plainModel.test(model) ? model : 'MODEL';
  const body = JSON.stringify({ model: named, messages: [{ role: 'user', content: 'Hello' }] });
  return lines(
    `in the cluster: http://${service}.${namespace}:${port}/v1`,
    `from outside: kubectl port-forward -n ${namespace} svc/${service} ${port}`,
    `curl ${url}/chat/completions -H 'content-type: application/json' -d '${body}'`,
    `OpenAI SDK: base_url ${url}, any API key, model ${named}`,
  );
}
