import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Pure functions: what `npm run check` runs, in seconds. */
const pure = [
  'test/providers/**/*.test.ts',
  'test/support/*.test.ts',
  'test/foundry/{ages,cursor,differences,digest,figures,list-changes,log-lines,owned-fields,packing,pod-stages,prometheus,redaction,remembered,rows,server-sent-events,shell,untrusted-text,written-number}.test.ts',
  'test/tools/registry.test.ts',
  'test/foundry/diagnosis/{capacity,causes,fixes,scheduler-message}.test.ts',
  'test/tools/text/*.test.ts',
  'test/cli/{compilers,flags,hold,options}.test.ts',
  'test/tui/{confirmation,filter,freshness,keys,list,navigation,questions,source,text}.test.ts',
];

/**
 * The sandbox, and what is played on it from beginning to end: lives of deployments, installations, failures that are
 * diagnosed and cured, the contract (which meets the real API server in `test:cluster`). `npm run test:sandbox`.
 */
const sandbox = [
  'test/sandbox/**/*.test.ts',
  'test/contract/**/*.test.ts',
  'test/eval/**/*.test.ts',
  'test/demo/**/*.test.ts',
  'test/foundry/busy.test.ts',
  'test/foundry/diagnosis/{cures,scenarios,surroundings}.test.ts',
  'test/tools/{events,install,life,observing,uninstall}.test.ts',
];

/**
 * For tests that live with a simulated cluster. It lives in real time: where others use the cores too, a deadline may be
 * missed once. A real defect fails three times. Files share the modules they import, which are a quarter of the work.
 */
const simulated = {
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  retry: process.env.CI === undefined ? 0 : 2,
  globalSetup: 'test/support/bundled-program.ts',
};

/** What runs on a cluster that the tests did not start: `npm run test:cluster -- --existing`. */
const existing = ['test/cluster/existing/**/*.test.ts'];

/** Minutes each, so that they start before all others: the one that ended last would leave the cores idle. */
const longest = ['contract-current.test.ts', 'contract-old.test.ts', 'plan.test.ts'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => longest.includes(basename(moduleId));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Most tests wait for a simulated cluster, so that more of them than cores can run.
    maxWorkers: 4,
    projects: [
      { test: { name: 'pure', include: pure, isolate: false, testTimeout: 20_000 } },
      {
        test: {
          ...simulated,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...sandbox, 'test/interruptions/**', 'test/truth/**', 'test/cluster/**'],
        },
      },
      { test: { ...simulated, name: 'sandbox', include: sandbox } },
      { test: { name: 'truth', include: ['test/truth/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          // Real helm against the sandbox: every write, killed and reset. It asks for no real API server.
          name: 'interruptions',
          include: ['test/interruptions/**/*.test.ts'],
          hookTimeout: 600_000,
          globalSetup: 'test/support/bundled-program.ts',
          retry: process.env.CI === undefined ? 0 : 2,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          exclude: existing,
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
          globalSetup: ['test/cluster/programs.ts', 'test/support/bundled-program.ts'],
          // Once in many runs a simulated operator on the real server did not bring a deployment up (seen once, not
          // found). A real defect fails three times.
          retry: process.env.CI === undefined ? 0 : 2,
        },
      },
      { test: { name: 'existing', include: existing, testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
