import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createFoundry } from '../../src/foundry/foundry.ts';
import { type Lab, startLab } from '../support/lab.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let lab: Lab;
let screen: Screen;

const aa = { runtime: 'dynamo', name: 'aa', namespace: 'dynamo-system', model: 'Qwen/Qwen3-0.6B' };

beforeAll(async () => {
  lab = await startLab();
  await lab.call('deploy_model', aa);
});
afterAll(() => lab.stop());
afterEach(() => screen.stop());

const open = async (options?: ScreenOptions) => {
  screen = openScreen(lab.foundry(), options);
  await screen.sees('aa');
};

/** The lab's cluster under two names, of which the second one is `other`. */
const openTwoContexts = async () => {
  const foundry = createFoundry({
    open: async (context) => {
      const { cluster } = await lab.foundry().site(undefined);
      return { ...cluster, context: context ?? 'first' };
    },
    installer: { name: 'nobody', ready: async () => ({ ok: true }), carryOut: async () => {} },
    protect: [],
  });
  const contexts = async () => [
    { name: 'first', current: true },
    { name: 'other', current: false },
  ];
  screen = openScreen(foundry, { contexts });
  await screen.sees('aa');
};

const fillIn = async (name: string) => {
  await screen.type(name);
  await screen.press('tab', 'tab', 'tab');
  await screen.type('Qwen/Qwen3-0.6B');
};

test('a draft belongs to its context: in another one the form is new, and back in its own it is there again', async () => {
  await openTwoContexts();
  await screen.press('d');
  await screen.sees(/> Name .*needed/);
  await fillIn('stray');
  await screen.press('ctrl+s');
  await screen.sees('[ Deploy ]  checked  stray');
  await screen.type(':ctx other\r');
  await screen.sees('ctx: other');
  await screen.sees(/> Name .*needed/);
  await screen.press('escape');
  await screen.sees('aa');
  await screen.press('d', 'enter');
  await screen.sees('( Deploy )  Name is missing.');
  await screen.press('escape');
  await screen.type(':ctx first\r');
  await screen.sees('ctx: first');
  await screen.press('d');
  await screen.sees(/> Name +stray/);
  await screen.press('enter');
  await screen.sees('[ Deploy ]  checked  stray');
  expect(await lab.call('get_deployment', { name: 'stray' })).toMatchObject({ ok: false });
});

test('what the form is about stands above it, and stays there', async () => {
  await open();
  await screen.press('d');
  await screen.sees(/^ New deployment$/m);
  await screen.press('escape', 'D');
  await screen.sees(/^ Copy of dynamo-system\/aa on NVIDIA Dynamo$/m);
  await screen.press('escape', 'E');
  await screen.sees(/^ Edit dynamo-system\/aa on NVIDIA Dynamo$/m);
  await screen.press('ctrl+s');
  await screen.sees(/> \( Replace \)/);
  await screen.sees(/^ Edit dynamo-system\/aa on NVIDIA Dynamo$/m);
});

test('an edit that was left is not what a new deployment begins with', async () => {
  await open();
  await screen.press('E');
  await screen.sees(/> Name +aa/);
  await screen.press('ctrl+s', 'escape');
  await screen.sees('row 1/1');
  await screen.press('d');
  await screen.sees(/> Name .*needed/);
  await screen.sees(/^ New deployment$/m);

  // One that was changed is given up only with a yes, and E brings it back.
  await screen.press('escape', 'E');
  await screen.sees(/> Name +aa/);
  await screen.press('tab', 'tab', 'tab', 'ctrl+u');
  await screen.type('Qwen/Qwen3-4B');
  await screen.press('ctrl+s', 'escape');
  await screen.sees('row 1/1');
  await screen.press('d');
  await screen.sees('The form holds an edit of dynamo-system/aa, which would be lost:');
  await screen.press('n');
  await screen.sees('row 1/1');
  await screen.press('E');
  await screen.sees(/> Name +aa/);
  await screen.sees('Qwen/Qwen3-4B');
  await screen.press('escape', 'd');
  await screen.sees('Give the edit up?');
  await screen.press('y');
  await screen.sees(/> Name .*needed/);
});

test('a draft is taken up at its first field and not at its button, where Enter would send it', async () => {
  await open();
  await screen.press('d');
  await fillIn('bb');
  await screen.press('ctrl+s');
  await screen.sees('[ Deploy ]  checked  bb');
  // Looking at the help is no leaving.
  await screen.press('?', 'escape');
  await screen.sees(/> \[ Deploy \]/);
  await screen.press('escape', 'd', 'enter');
  await screen.sees(/> \(o\) NVIDIA Dynamo|Runtime +\(o\)/);
  expect(screen.rowWith('[ Deploy ]')).not.toContain('>');
});

test('in an edit another name or runtime is said to make another deployment', async () => {
  await open();
  await screen.press('E');
  await screen.sees(/> Name +aa/);
  await screen.type('2');
  const words = 'dynamo-system/aa on NVIDIA Dynamo stays as it is; this makes another deployment.';
  await screen.sees(words.slice(0, 60));
  await screen.sees(/^ New deployment$/m);
  await screen.press('backspace');
  await screen.sees(/^ Edit dynamo-system\/aa/m);
  await screen.press('tab', 'tab', 'space');
  await screen.sees(words.slice(0, 60));
});

test('of a change that is refused nothing is said to change', async () => {
  await open({ rows: 50 });
  await screen.press('E');
  await screen.sees(/> Name +aa/);
  await screen.sees(/Changes +none/);
  await screen.press('tab', 'tab', 'tab', 'tab', 'tab', 'tab', 'tab', 'tab', 'ctrl+u');
  await screen.type('32');
  await screen.sees('not asked: the spec is refused before');
  await screen.seesNot('Changes');
});
