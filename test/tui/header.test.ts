import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { type Lab, namespace, startLab } from '../support/lab.ts';
import { openScreen, type Screen } from '../support/terminal.ts';

const arn = 'arn:aws:eks:eu-central-1:123456789012:cluster/inference-prod';
const longNamespace = 'customer-facing-inference-europe';

let lab: Lab;
let screen: Screen;

beforeAll(async () => {
  lab = await startLab({ runtimes: ['kuberay'] });
  await lab.apply(namespace(longNamespace));
});
afterAll(() => lab.stop());
afterEach(() => screen.stop());

const open = async ([columns, rows]: readonly [number, number], protect: readonly string[] = []) => {
  const foundry = createFoundry({
    open: async () => ({ ...(await lab.foundry().site(undefined)).cluster, context: arn }),
    installer: { name: 'nobody', ready: async () => ({ ok: true }), carryOut: async () => {} },
    protect,
  });
  screen = openScreen(foundry, { columns, rows });
  await screen.sees(/ OK$/m);
  return screen;
};

test('a long context is cut in its middle, so that namespace, mode and runtimes have room', async () => {
  const { press, rows, sees, type } = await open([80, 24], ['arn:*']);
  expect(rows()[0]).toBe(' KubeFoundry  ctx: arn:aws~inference-prod  ns: all  [READ-ONLY]  DYN --  RAY OK');
  await press('W');
  await sees('Changes are allowed.');
  expect(rows()[0]).toBe(' ctx: arn:aws:~r/inference-prod  ns: all  [READ-WRITE 15m left]  DYN --  RAY OK');
  await type(`:ns ${longNamespace}\r`);
  await sees(/ns: custo~nce-europe {2}\[READ-WRITE 15m left\]/);
});

test('in a small terminal the mode is said in fewer words, and nothing is left out', async () => {
  const { press, rows, sees } = await open([60, 16], ['arn:*']);
  expect(rows()[0]).toBe(' ctx: arn:~rence-prod  ns: all  [READ-ONLY]  DYN --  RAY OK');
  await press('W');
  await sees('Changes are allowed.');
  expect(rows()[0]).toBe(' ctx: arn:a~ference-prod  ns: all  [RW 15m]  DYN --  RAY OK');
});

test('where there is room the whole name is shown', async () => {
  const { rows } = await open([140, 24]);
  expect(rows()[0]).toMatch(` KubeFoundry  ctx: ${arn}  ns: all  `);
  expect(rows()[0]).toMatch(/dynamo -- {2}kuberay \S+ OK$/);
});
