import { describe, expect, it } from 'vitest';
import type { CommandsGiven } from './commands.ts';
import { run } from './outcome.ts';
import { start } from './running.ts';
import type { Side } from './worlds.ts';

/** Something that is watched while it changes. */
interface Watching {
  readonly line: string;
  /** What it says before anything changes. */
  readonly first: RegExp;
  readonly changes: readonly string[];
  readonly last: RegExp;
}

const watchings: readonly Watching[] = [
  {
    line: 'get configmaps -n followed --watch --output-watch-events -l team=light',
    first: /ADDED {2}one/,
    changes: [
      'patch configmap one -n followed --type=merge -p {"data":{"a":"b","c":"d"}}',
      'label configmap two -n followed team=light',
      'label configmap one -n followed team-',
      'delete configmap two -n followed',
    ],
    last: /DELETED {2}two/,
  },
  {
    line: 'get configmaps -n followed --watch -o custom-columns=NAME:.metadata.name,DATA:.data',
    first: /kube-root-ca/,
    changes: [
      'create configmap three -n followed --from-literal=a=b',
      'patch configmap three -n followed --type=merge -p {"data":{"a":"c"}}',
    ],
    last: /three {2}map\[a:c\]/,
  },
  {
    line: 'get configmap three -n followed --watch -o jsonpath={.data.a}{"\\n"}',
    first: /c/,
    changes: ['patch configmap three -n followed --type=merge -p {"data":{"a":"d"}}'],
    last: /d/,
  },
];

/** Commands that stay: `get --watch` on both clusters, `logs --follow` on the sandbox. */
export function describeFollowing(given: () => CommandsGiven): void {
  const succeed = async (side: Side, ...lines: readonly string[]) => {
    const { worlds, program } = given();
    for (const line of lines) expect(await run(worlds, side, program, line.split(' '))).toMatchObject({ exitCode: 0 });
  };

  describe('kubectl, while things change', () => {
    it.each(['sandbox', 'real'] as const)('makes what is followed on the %s', async (side) => {
      await succeed(
        side,
        'create namespace followed',
        'wait --for=create configmap/kube-root-ca.crt -n followed --timeout=20s',
        'wait --for=create serviceaccount/default -n followed --timeout=20s',
        'create configmap one -n followed --from-literal=a=b',
        'label configmap one -n followed team=light',
        'create configmap two -n followed --from-literal=a=b',
      );
    });

    it.each(watchings)('$line', async ({ line, first, changes, last }) => {
      const { worlds, program } = given();
      const followed = async (side: Side) => {
        const watching = await start(worlds, side, program, line.split(' '));
        await watching.says(first);
        await succeed(side, ...changes);
        await watching.says(last);
        watching.kill();
        return watching.lines;
      };
      const [sandbox, real] = await Promise.all([followed('sandbox'), followed('real')]);
      expect(sandbox).toEqual(real);
    });

    // Nobody listens where the real API server would ask the kubelets for logs: these nodes are simulated by a client.
    it('logs --follow, on the sandbox alone', async () => {
      const { worlds, program } = given();
      await succeed(
        'sandbox',
        'run speaker -n followed --image=registry.example/speaker:1',
        'wait --for=condition=Ready pod/speaker -n followed --timeout=20s',
      );
      const last = await run(worlds, 'sandbox', program, 'logs speaker -n followed --tail=1'.split(' '));
      expect(last).toEqual({ exitCode: 0, lines: [expect.stringMatching(/^\{"level":"info"/)] });
      const following = await start(worlds, 'sandbox', program, 'logs speaker -n followed --follow'.split(' '));
      await following.says(/starting manager/);
      await succeed('sandbox', 'delete pod speaker -n followed --now');
      expect(await following.ended).toBe(0);
    });
  });
}
