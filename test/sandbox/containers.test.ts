import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { graph, rayService } from '../../src/sandbox/scenarios/manifests.ts';
import { type Lab, openLab } from './lab.ts';

const model = 'Qwen/Qwen3-0.6B';
const question = (more: Readonly<Record<string, unknown>> = {}) => ({
  method: 'POST',
  path: '/v1/chat/completions',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello there' }], ...more }),
});

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterEach(() => lab.clear());
afterAll(() => lab.close());

describe('what runs in the simulated pods', () => {
  it.each([
    ['dynamo', 'dynamo-system', 'qwen-frontend'],
    ['kuberay', 'kuberay-system', 'qwen-serve-svc'],
  ] as const)('%s answers like OpenAI through the Service', async (scenario, namespace, service) => {
    const wanted = { name: 'qwen', namespace, model, managed: true };
    await lab.cluster.apply(scenario === 'dynamo' ? graph(wanted) : rayService(wanted));
    await lab.sandbox.settled();
    const target = { type: 'service', namespace, name: service, port: 8000 } as const;
    const models = await lab.cluster.proxy(target, { method: 'GET', path: '/v1/models' });
    expect(JSON.parse(models.body)).toMatchObject({ object: 'list', data: [{ id: model }] });
    const answer = await lab.cluster.proxy(target, question());
    expect(JSON.parse(answer.body)).toMatchObject({
      object: 'chat.completion',
      model,
      choices: [{ message: { role: 'assistant', content: expect.stringContaining('hello there') } }],
      usage: { prompt_tokens: 2 },
    });
    const stream = await lab.cluster.proxy(target, question({ stream: true }));
    expect(stream.headers['content-type']).toBe('text/event-stream');
    expect(stream.body).toMatch(/^data: \{.*chat\.completion\.chunk[\s\S]*data: \[DONE\]\n\n$/);
    const unknown = await lab.cluster.proxy(target, question({ model: 'nobody' }));
    expect(unknown.status).toBe(404);
  });

  it('counts requests in the metrics of a frontend and of an engine', async () => {
    const namespace = 'dynamo-system';
    await lab.cluster.apply(graph({ name: 'counted', namespace, model }));
    await lab.sandbox.settled();
    const frontend = { type: 'service', namespace, name: 'counted-frontend', port: 8000 } as const;
    const metrics = { method: 'GET', path: '/metrics' };
    expect((await lab.cluster.proxy(frontend, metrics)).body).toBe('');
    await lab.cluster.proxy(frontend, question());
    expect((await lab.cluster.proxy(frontend, metrics)).body).toContain(
      `dynamo_frontend_requests_total{model="${model}"} 1`,
    );
    const [worker = ''] = (await lab.names('pod', namespace)).filter((name) => name.startsWith('counted-vllm'));
    const engine = { type: 'pod', namespace, name: worker, port: 9090 } as const;
    expect((await lab.cluster.proxy(engine, metrics)).body).toContain('vllm:generation_tokens_total');
    expect((await lab.cluster.proxy(engine, { method: 'GET', path: '/health' })).body).toBe('{"status":"ready"}');
  });

  it('logs the loading of weights, and the error of a container that crashed before', async () => {
    const namespace = 'dynamo-system';
    await lab.cluster.apply(graph({ name: 'good', namespace, model }));
    lab.fail('bad', 'crash-loop');
    await lab.cluster.apply(graph({ name: 'bad', namespace, model }));
    await lab.sandbox.settled();
    const pods = await lab.names('pod', namespace);
    const of = (prefix: string) => ({ namespace, pod: pods.find((name) => name.startsWith(`${prefix}-vllm`)) ?? '' });
    expect(await lab.cluster.logs(of('good'))).toContain(`Starting to load model ${model}`);
    expect(await lab.cluster.logs(of('good'), { tail: 1 })).toMatch(/Registered endpoint generate/);
    expect(await lab.cluster.logs(of('bad'), { previous: true })).toContain('CUDA out of memory');
  });
});
