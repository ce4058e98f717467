import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { run, start } from '../support/program.ts';
import { nowhere, startWorld } from '../support/program-world.ts';

let world: Awaited<ReturnType<typeof startWorld>>;
/** A kubeconfig whose current context leads nowhere: what is printed has to name the other one. */
let kubeconfig: string;

beforeAll(async () => {
  world = await startWorld({ scenario: 'dynamo', speed: 100 });
  const here = parse(world.sandbox.kubeconfig);
  const there = parse(nowhere);
  const [{ context }] = here.contexts;
  const [{ context: lost }] = there.contexts;
  kubeconfig = await world.write(
    'two-clusters',
    stringify({
      ...there,
      clusters: [...there.clusters, ...here.clusters],
      users: [...there.users, ...here.users],
      contexts: [
        { name: 'nowhere', context: lost },
        { name: 'of a; name', context },
      ],
    }),
  );
});
afterAll(() => world.stop());

const inTheOther = ['--context', 'of a; name'];
const kubefoundry = (...args: readonly string[]) => run(args, { env: { KUBECONFIG: kubeconfig } });

/** The command on a line of what was printed, as words; quoted ones are one. */
function pasted(printed: string, command: RegExp): readonly string[] {
  const [found] = command.exec(printed) ?? [];
  if (found === undefined) throw new Error(`no ${command} in: ${printed}`);
  return (found.match(/'[^']*'|[^' ]+/g) ?? []).slice(1).map((word) => word.replaceAll("'", ''));
}

test('the hint of a failure names the context that was given, and works as it stands', async () => {
  const failed = await kubefoundry('get', 'nobody', ...inTheOther);
  const list = pasted(failed.stderr, /kubefoundry list --context '.*?'/);
  expect(await kubefoundry(...list)).toMatchObject({ code: 0, stdout: expect.stringContaining('of a; name: 0 depl') });
});

test('so does a command in a sentence', async () => {
  const unreachable = await kubefoundry('get', 'nobody', '--context', 'nowhere');
  expect(unreachable.stderr).toContain(
    '(`kubefoundry doctor --context nowhere`); without one, try `kubefoundry sandbox`',
  );
  // Nobody gave a context: the current one will be the same again.
  const current = await kubefoundry('get', 'nobody');
  expect(current.stderr).toContain('(`kubefoundry doctor`); without one, try `kubefoundry sandbox`');
  const problem = await kubefoundry('runtimes', '--context', 'nowhere', '-o', 'json');
  expect(JSON.parse(problem.stdout).problems[0].hint).toContain('`kubefoundry doctor --context nowhere`');
});

test('and the failures and notes of logs that are followed, in the words of commands', async () => {
  const [nobody, unreachable] = await Promise.all([
    kubefoundry('logs', 'nobody', '-f', ...inTheOther),
    kubefoundry('logs', 'nobody', '-f', '--context', 'nowhere'),
  ]);
  expect(nobody).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("kubefoundry list --context 'of a; name' "),
  });
  expect(unreachable.stderr).toContain('`kubefoundry doctor --context nowhere`');

  world.sandbox.api.addIdentity({ token: 'blind', user: 'system:serviceaccount:default:blind' });
  const blind = await world.write('blind', world.sandbox.api.kubeconfig('blind'));
  const forbidden = await run(['logs', 'chat', '-n', 'dynamo-system', '--runtime', 'dynamo', '-f'], {
    env: { KUBECONFIG: blind },
  });
  expect(forbidden).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('kubectl --context kubefoundry-sandbox '),
  });
});

test('the doctor advises for the cluster that it looked at', async () => {
  const [there, unreachable] = await Promise.all([
    kubefoundry('doctor', ...inTheOther),
    kubefoundry('doctor', '--context', 'nowhere'),
  ]);
  expect(there.stdout).toMatch(/^ {4}kubefoundry install kuberay --context 'of a; name'$/m);
  expect(unreachable.stdout).toContain('`kubefoundry doctor --context nowhere`');
});

test('what there is, printed once, is followed by commands for the same cluster', async () => {
  const once = await kubefoundry('tui', '--once', ...inTheOther);
  expect(once.stdout).toContain("kubefoundry install kuberay --context 'of a; name'");
  const broken = await kubefoundry('tui', '--once', '--context', 'lost');
  expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('Pass --context with one of: nowhere') });
});

test('kubeconfig files that were given are given again', async () => {
  const failed = await run(['get', 'nobody', '--kubeconfig', kubeconfig, ...inTheOther]);
  const list = pasted(failed.stderr, /kubefoundry list --context '.*?' --kubeconfig \S+/);
  expect(await run(list)).toMatchObject({ code: 0 });
});

test('what is suggested on a sandbox stays on one', async () => {
  const sandboxed = (...args: readonly string[]) => run([...args, '--sandbox', 'dynamo']);
  const [missing, listed, doctor] = await Promise.all([
    sandboxed('get', 'nobody'),
    sandboxed('list', '-o', 'json'),
    sandboxed('doctor'),
  ]);
  expect(missing.stderr).toContain('kubefoundry list --sandbox dynamo shows what there is');
  expect(JSON.parse(listed.stdout)).toMatchObject({
    problems: [{ hint: 'kubefoundry install kuberay --sandbox dynamo' }],
  });
  expect(doctor.stdout).toMatch(/^ {4}kubefoundry install kuberay --sandbox dynamo$/m);
  expect(await run(pasted(missing.stderr, /kubefoundry list --sandbox dynamo/))).toMatchObject({ code: 0 });
});

test('a sandbox ends with the command, with what was changed in it, and kubectl and helm do not reach it: that is said', async () => {
  const ending = /^ *This sandbox ends with the command, .* `kubefoundry sandbox` runs\.$/m;
  const [plan, diagnosis, list] = await Promise.all([
    run(['uninstall', 'dynamo', '--plan-only', '--sandbox', 'dynamo']),
    run(['diagnose', 'bad-app', '--sandbox', 'busy', '-o', 'json']),
    run(['list', '--sandbox', 'dynamo']),
  ]);
  expect(plan).toMatchObject({
    stdout: expect.stringContaining('helm --kube-context '),
    stderr: expect.stringMatching(ending),
  });
  expect(diagnosis).toMatchObject({ code: 0, stderr: expect.stringMatching(ending) });
  expect(list.stderr).toBe('');

  const running = start(['sandbox', '--scenario', 'dynamo']);
  onTestFinished(() => void running.process.kill());
  const [, file = ''] = /^Kubeconfig: (.*)$/m.exec(await running.printed(/^Ctrl-C/m)) ?? [];
  const reached = await run(['uninstall', 'dynamo', '--plan-only'], { env: { KUBECONFIG: file } });
  expect(reached.stderr).not.toMatch(ending);
});
