import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Lab, startLab } from '../support/lab.ts';
import { program, run } from '../support/program.ts';
import { nowhere } from '../support/program-world.ts';
import { type Pty, type PtyOptions, startInTerminal } from '../support/pty.ts';
import { soon } from '../support/soon.ts';

let lab: Lab;
let folder: string;
const ptys: Pty[] = [];

beforeAll(async () => {
  lab = await startLab({ runtimes: ['kuberay'] });
  for (const name of ['llama', 'mistral', 'phi', 'qwen', 'zephyr']) {
    await lab.call('deploy_model', { runtime: 'kuberay', name, model: `models/${name}` });
  }
  folder = await mkdtemp(join(tmpdir(), 'kubefoundry-pty-'));
});
afterAll(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  for (const pty of ptys.splice(0)) {
    pty.signal('SIGKILL');
    await pty.ended;
  }
});

const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

const shell = (command: string, options?: PtyOptions): Pty => {
  const pty = startInTerminal(['/bin/sh', '-c', command], options);
  ptys.push(pty);
  return pty;
};

const dashboard = (options?: PtyOptions, kubeconfig = lab.kubeconfig): Pty =>
  shell(`exec ${program.command} ${program.args.join(' ')} tui --kubeconfig ${kubeconfig}`, options);

const open = async (options?: PtyOptions): Promise<Pty> => {
  const pty = dashboard(options);
  await pty.sees('zephyr');
  return pty;
};

/** What was written while the dashboard had the screen, and what after it. */
const parts = (pty: Pty) => {
  const [before = '', rest = ''] = pty.written().split('\u001b[?1049h');
  const [during = '', after = ''] = rest.split('\u001b[?1049l');
  return { before, during, after };
};

/** The terminal is as it was: its normal screen, a cursor, lines that wrap, pastes without brackets. */
const expectRestored = (pty: Pty): void => {
  const { active } = pty.terminal.buffer;
  const { wraparoundMode, bracketedPasteMode } = pty.terminal.modes;
  expect({ screen: active.type, wraparoundMode, bracketedPasteMode }).toEqual({
    screen: 'normal',
    wraparoundMode: true,
    bracketedPasteMode: false,
  });
  expect(pty.written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(pty.written().lastIndexOf('\u001b[?25l'));
};

test('it opens on the alternate screen, with colours, and q gives the terminal back', async () => {
  const pty = await open();
  expect(pty.terminal.buffer.active.type).toBe('alternate');
  expect(pty.terminal.modes.wraparoundMode).toBe(false);
  expect(pty.written()).toContain('\u001b[38;5;');
  pty.write('q');
  expect(await pty.ended).toMatchObject({ exitCode: 0 });
  expectRestored(pty);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)('%s ends it with %i and gives the terminal back', async (name, exitCode) => {
  const pty = await open();
  pty.signal(name);
  expect(await pty.ended).toMatchObject({ exitCode });
  expectRestored(pty);
});

test.each([
  ['once', '\u0003'],
  ['twice', '\u0003\u0003'],
])('Ctrl-C %s quits', async (_, keys) => {
  const pty = await open();
  pty.write(keys);
  expect(await pty.ended).toMatchObject({ exitCode: 0 });
  expectRestored(pty);
});

test('Ctrl-C in the middle of an installation asks, and once more ends it together with helm', async () => {
  const helm = await write(
    'helm',
    '#!/bin/sh\ncase "$1" in\nversion) echo v3.20.2 ;;\nlist) echo "[]" ;;\n*) echo $$ >"$0.pid"; exec sleep 60 ;;\nesac\n',
  );
  await chmod(helm, 0o755);
  await rm(`${helm}.pid`, { force: true });
  const pty = await open({ env: { PATH: `${folder}:${process.env.PATH}` } });
  pty.write('1');
  await pty.sees('NOT INSTALLED');
  pty.write('i');
  await pty.sees('Carry it out?');
  pty.write('y');
  const pid = await vi.waitFor(async () => {
    const written = Number(await readFile(`${helm}.pid`, 'utf8'));
    expect(written).toBeGreaterThan(0);
    return written;
  }, soon);
  pty.write('\u0003');
  await pty.sees('still running');
  pty.write('\u0003');
  expect(await pty.ended).toMatchObject({ exitCode: 0 });
  expectRestored(pty);
  expect(parts(pty).after).toMatch(/Cancelled at step \d+ of \d+ .*Call again to go on from here/);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('what breaks it is told on the normal screen', async () => {
  const broken = await write('broken.mjs', "process.on('SIGUSR2', () => { throw new Error('it broke'); });");
  const pty = await open({ env: { NODE_OPTIONS: `--import ${broken}` } });
  pty.signal('SIGUSR2');
  expect(await pty.ended).toMatchObject({ exitCode: 1 });
  expectRestored(pty);
  expect(parts(pty).during).not.toContain('it broke');
  expect(parts(pty).after).toContain('it broke');
});

test('what others log never stands between the rows; it is told at the end', async () => {
  const noise = await write(
    'noise.mjs',
    `setInterval(() => {
      process.stderr.write('NOISE written\\n');
      console.log('NOISE logged');
      process.emitWarning('NOISE warned');
    }, 20).unref();`,
  );
  const pty = await open({ env: { NODE_OPTIONS: `--import ${noise}` } });
  pty.write('q');
  await pty.ended;
  expect(parts(pty).during).not.toContain('NOISE');
  for (const kind of ['written', 'logged', 'warned']) expect(parts(pty).after).toContain(`NOISE ${kind}`);
});

test('after a storm of sizes the screen is what a new one would be', async () => {
  const pty = await open({ columns: 120, rows: 30 });
  let seed = 7;
  const random = (most: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * most);
  };
  for (let step = 0; step < 60; step += 1) {
    // One column at a time as well: what dragging a window's edge does.
    pty.resize(step % 3 === 0 ? 20 : step % 3 === 1 ? 40 + random(160) : 99 - step, 8 + random(52));
    // With and without time to paint between.
    if (step % 5 === 0) await pty.sees(/too small|KubeFoundry/);
  }
  pty.resize(100, 28);
  const fresh = await open({ columns: 100, rows: 28 });
  const picture = ({ rows }: Pty) => rows().map((row) => row.replace(/\d+[smh](?= so far|\s*$)/, ''));
  await fresh.sees(/ live$/m);
  await vi.waitFor(() => expect(picture(pty)).toEqual(picture(fresh)), { timeout: 10_000 });
});

test('a terminal of 20 columns is told what is needed', async () => {
  const pty = dashboard({ columns: 20, rows: 10 });
  await pty.sees('terminal too small');
  pty.resize(80, 24);
  await pty.sees('zephyr');
});

test('a sandbox offers its one context, and says so', async () => {
  const pty = shell(`exec ${program.command} ${program.args.join(' ')} tui --sandbox`, { columns: 100 });
  await pty.sees('Nothing is deployed here.');
  pty.write('c');
  await pty.sees(/> kubefoundry-sandbox +a sandbox has but this one context {2}\(current\)/);
  pty.write('\r');
  await pty.sees('Nothing is deployed here.');
});

test('CI says nothing about a terminal', async () => {
  await open({ env: { CI: '1' } });
});

test('with NO_COLOR nothing is coloured', async () => {
  const pty = await open({ env: { NO_COLOR: '1' } });
  // Bold, underlined and inverse are no colours.
  const codes = pty
    .written()
    .split('\u001b[')
    .map((sequence) => /^([\d;]*)m/.exec(sequence)?.[1] ?? '');
  expect(codes.flatMap((code) => code.split(';')).filter((code) => Number(code) >= 30)).toEqual([]);
});

test.each([
  ['a terminal that can do nothing', (command: string) => shell(command, { env: { TERM: 'dumb' } })],
  ['keys that come from nowhere', (command: string) => shell(`${command} </dev/null`)],
])('%s gets a plain snapshot', async (_, start) => {
  const pty = start(`${program.command} ${program.args.join(' ')} tui --kubeconfig ${lab.kubeconfig}`);
  expect(await pty.ended).toMatchObject({ exitCode: 0 });
  expect(pty.text()).toMatch(/kuberay +ready/);
  expect(pty.text()).toContain('zephyr');
  expect(pty.written()).not.toContain('\u001b');
});

test('without any terminal it is a plain snapshot, too', async () => {
  const { code, stdout, stderr } = await run(['tui', '--kubeconfig', lab.kubeconfig]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('zephyr');
});

test('a cluster that cannot be reached is said, and does not hold the terminal', async () => {
  const pty = dashboard({}, await write('nowhere', nowhere));
  await pty.sees(/^[^\n]*\n[^\n]* CLUSTER_UNREACHABLE since \S+ *\n/);
  await pty.sees(/^ {3}dynamo, kuberay: Cannot reach the API server [\s\S]*try\n? *`kubefoundry sandbox`\.$/m);
  pty.write('q');
  expect(await pty.ended).toMatchObject({ exitCode: 0 });
  expectRestored(pty);
});

test('what nobody uses is not loaded: Node’s fetch would take 20 MB', async () => {
  const list = join(folder, 'loaded.txt');
  const observer = await write(
    'observer.mjs',
    `process.on('exit', () => process.getBuiltinModule('fs').writeFileSync('${list}', process.moduleLoadList.join('\\n')));`,
  );
  const pty = await open({ env: { NODE_OPTIONS: `--import ${observer}` } });
  pty.write('q');
  await pty.ended;
  const loaded = await readFile(list, 'utf8');
  expect(loaded).toMatch(/ https$/m);
  expect(loaded).not.toMatch(/undici/);
});
