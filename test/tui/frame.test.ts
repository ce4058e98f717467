import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FoundryError } from '../../src/errors.ts';
import { createFoundry } from '../../src/foundry/foundry.ts';
import type { Installer } from '../../src/foundry/installer.ts';
import { type Lab, namespace, startLab } from '../support/lab.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/terminal.ts';

let lab: Lab;
let screen: Screen;

/** An installer that works on until it is told to stop. */
const endless: Installer = {
  name: 'endless',
  ready: async () => ({ ok: true }),
  carryOut: (_step, _cluster, progress, signal) =>
    new Promise((_, reject) => {
      progress('pulling the chart');
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
};

beforeAll(async () => {
  lab = await startLab({ installer: () => endless, runtimes: ['kuberay'] });
  await lab.apply(namespace('team-a'));
  const result = await lab.call('deploy_model', { runtime: 'kuberay', name: 'phi', model: 'microsoft/phi-4' });
  if (!result.ok) throw result.error;
});
afterAll(() => lab.stop());
afterEach(() => screen.stop());

/** A foundry over the lab's cluster, under whatever context; `broken` is one that cannot be used. */
const foundryOver = (protect: readonly string[] = []) =>
  createFoundry({
    open: async (context) => {
      if (context === 'broken') throw new FoundryError('INPUT_INVALID', 'It has no user.', 'Name another context.');
      return (await lab.foundry().site(undefined)).cluster;
    },
    installer: endless,
    protect,
  });

const open = async (options?: ScreenOptions, sees = 'phi') => {
  screen = openScreen(lab.foundry(), options);
  await screen.sees(sees);
};

test('help shows every key, and hints only those that would do something', async () => {
  await open({ columns: 160, rows: 60 });
  await screen.sees(/^ Enter open {2}x delete .*\? help$/m);
  await screen.press('?');
  await screen.sees('Ctrl-R          read again');
  expect(screen.rowWith('Esc q ?')).toContain('close');
  expect(screen.rows().at(-1)).toBe(' Esc close  Down more');
  await screen.press('escape');
  await screen.sees('phi');
});

test('help begins with the keys of the screen that it was asked on', async () => {
  await open({ place: { screen: 'runtimes' } }, 'HEALTHY');
  await screen.press('?');
  await screen.sees(/: keys\n\n Runtimes\n +i +install\n/);
  await screen.press('escape');
  await screen.sees('[1 Runtimes]');
  await screen.press('2');
  await screen.sees('phi');
  await screen.press('?');
  await screen.sees(/: keys\n\n Deployments: the list\n/);
});

test('the palette runs by name what the keys run', async () => {
  await open();
  await screen.type(':rt');
  await screen.sees('> Runtimes');
  await screen.press('enter');
  await screen.sees('[1 Runtimes]');
  await screen.press('[');
  await screen.sees('[2 Deployments]');
});

test('contexts are chosen from the kubeconfig; one that cannot be used says why, and leaves the way back', async () => {
  screen = openScreen(foundryOver(), {
    contexts: async () => [
      { name: 'good', server: 'https://good', current: true },
      { name: 'broken', server: 'https://broken', current: false },
    ],
  });
  await screen.sees('phi');
  await screen.press('c');
  await screen.sees('https://broken');
  await screen.type('bro\r');
  await screen.sees('INPUT_INVALID: It has no user.');
  await screen.sees('Name another context.');
  await screen.type('cgood\r');
  await screen.sees('phi');
});

test('a namespace narrows what is watched', async () => {
  await open();
  await screen.press('n');
  await screen.sees('team-a');
  await screen.type('team\r');
  await screen.sees('ns: team-a');
  await screen.sees('Nothing is deployed here.');
});

test('a name after a command of the palette is chosen at once, as k9s users type it', async () => {
  screen = openScreen(foundryOver(), {
    contexts: async () => [
      { name: 'good', server: 'https://good', current: true },
      { name: 'broken', server: 'https://broken', current: false },
    ],
  });
  await screen.sees('phi');
  await screen.type(':ns team-a\r');
  await screen.sees('ns: team-a');
  await screen.type(':namespace all\r');
  await screen.sees('ns: all');
  await screen.type(':ns nowhere');
  await screen.sees('no such namespace');
  await screen.press('escape');
  await screen.type(':ctx broken\r');
  await screen.sees('INPUT_INVALID: It has no user.');
  await screen.type(':context good\r');
  await screen.sees('phi');
});

test('where namespaces may not be listed, one is chosen by its name', async () => {
  await lab.allow(
    'tenant',
    [{ apiGroups: ['ray.io', ''], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    ['team-a'],
  );
  screen = openScreen(lab.foundry({ as: 'tenant' }));
  await screen.sees(/! not readable: kuberay(?! dep)/);
  await screen.type(':ns team-a\r');
  await screen.sees('ns: team-a');
  await screen.type(':ns all\r');
  await screen.sees(/ns: all .*\n.*! not readable: kuberay/);
  await screen.press('1');
  await screen.sees(/! Not allowed to list rayservices\.ray\.io in all namespaces\. Name a namespace/);
  expect(screen.text().replaceAll(/\s+/g, ' ')).toMatch(
    /kubectl --context kubefoundry-sandbox create clusterrolebinding NAME --clusterrole=kubefoundry-observe /,
  );
});

test('what is typed while the terminal is too small goes nowhere, and what was typed before stays', async () => {
  await open();
  await screen.press('d');
  await screen.sees('Runtime');
  await screen.type('abc');
  await screen.resize(50, 12);
  await screen.sees('Ctrl-C quits.');
  await screen.type('nqx');
  await screen.paste('pasted');
  await screen.resize(80, 24);
  await screen.sees(/> Name +abc$/m);
  await screen.type('def');
  await screen.sees(/> Name +abcdef$/m);
  expect(screen.text()).not.toContain('Namespaces');
});

test('a picker keeps what was typed into it while the terminal is too small, and Ctrl-C quits from there', async () => {
  await open();
  await screen.type(':rt');
  await screen.sees('> Runtimes');
  await screen.resize(50, 12);
  await screen.sees('terminal too small');
  await screen.press('enter');
  await screen.resize(80, 24);
  await screen.sees('> Runtimes');
  await screen.resize(50, 12);
  await screen.sees('terminal too small');
  await screen.press('ctrl+c');
  await screen.ended;
});

test('a protected context is read-only until it is asked for, and then a name must be typed', async () => {
  screen = openScreen(foundryOver(['*-sandbox']));
  await screen.sees('phi');
  expect(screen.rows()[0]).toContain('[READ-ONLY]');
  expect(screen.rows().at(-1)).not.toContain('delete');
  await screen.press('x');
  await screen.sees('Read-only: press W to allow changes.');
  await screen.press('W');
  await screen.sees('READ-WRITE 15m left');
  await screen.press('x');
  await screen.sees('Type phi and Enter');
  await screen.type('y\r');
  await screen.sees('That is not phi: nothing was done.');
  await screen.sees('Type phi and Enter');
  await screen.press('escape');
  await screen.sees('not done, nothing was changed');
});

test('read-only holds for the menu of actions too: it offers only what reads', async () => {
  screen = openScreen(foundryOver(['*-sandbox']));
  await screen.sees('[READ-ONLY]');
  await screen.sees('phi');
  await screen.press('s');
  await screen.sees('Read-only: press W to allow changes.');
  await screen.press('a');
  await screen.sees('Actions on phi (read-only: press W to allow changes)');
  await screen.type('restart\r');
  await screen.sees('nothing that can be done is called so');
  await screen.press('escape', 'W', 'a');
  await screen.type('restart\r');
  await screen.sees('Restart a deployment in context');
  await screen.press('n');
  await screen.sees('not done, nothing was changed');
});

test('quitting while something is installed asks first, then stops it and ends', async () => {
  await open({ place: { screen: 'runtimes' } }, 'NOT INSTALLED');
  await screen.press('i');
  await screen.sees('Carry it out?');
  await screen.press('y');
  await screen.sees('pulling the chart');
  await screen.press('ctrl+c');
  await screen.sees('still running');
  await screen.sees('Quit now?  y yes   n no');
  await screen.press('n');
  await screen.sees('pulling the chart');
  await screen.press('ctrl+c');
  await screen.sees('still running');
  await screen.press('ctrl+c');
  await screen.ended;
  expect(screen.written()).toMatch(/\?1049l[\s\S]*\?7h/);
});

test('a cluster that goes away leaves what was known, marked as stale, and is live again when it comes back', async () => {
  await open();
  const restarted = lab.api.restart({ downMilliseconds: 2_000 });
  await screen.sees(/stale since \d\d:\d\d:\d\d, reconnecting/);
  expect(screen.text()).toContain('phi');
  await restarted;
  await screen.sees(/ live$/m);
});

test('what permissions hide is said', async () => {
  await lab.allow('reader', [{ apiGroups: ['ray.io'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]);
  screen = openScreen(lab.foundry({ as: 'reader' }));
  await screen.sees('phi');
  await screen.sees('! not readable: Services, Events');
  await screen.press('x');
  await screen.sees('Carry it out?');
  await screen.press('y');
  await screen.sees(/FORBIDDEN: .*~ +@ tells more$/m);
  await screen.press('@');
  await screen.sees('auth can-i delete rayservices.ray.io -n kuberay-system');
});

test('keys that were typed ahead meet the view that the one before made', async () => {
  await open();
  await screen.type('/ph\r:help\r');
  await screen.sees('KubeFoundry 0.0.0: keys');
});

test('a key right after Enter is for the list, no longer for the prompt that Enter closed', async () => {
  await open();
  await screen.type('/phi\rD');
  await screen.sees(/Name +phi-copy/);
});

test('nothing is written while nothing that is seen changes', async () => {
  await open();
  await screen.press('1');
  await screen.sees('reachable');
  const before = screen.written();
  await lab.apply(namespace('elsewhere'));
  await screen.press('k');
  const more = screen.written().slice(before.length);
  expect(more.replaceAll('\u001b[?2026h', '').replaceAll('\u001b[?2026l', '')).toBe('');
});

test('quitting while something is only asked about just quits', async () => {
  await open();
  await screen.press('x');
  await screen.sees('Carry it out?');
  await screen.press('ctrl+c');
  await screen.ended;
});
