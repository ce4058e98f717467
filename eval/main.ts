import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isRight, jobsOf, runJobs } from './jobs.ts';
import { pageOf, reportOf, tableOf } from './report.ts';
import { readTasks } from './task.ts';

const tasks = await readTasks();

const usage = `npm run eval -- [task…] [--leave-one-out] [--page] [-o table|json]
Tasks: ${tasks.map(({ name }) => name).join(', ')}.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'leave-one-out': { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    output: { type: 'string', short: 'o', default: 'table' },
  },
});
const chosen = tasks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const isKnown = positionals.every((name) => tasks.some((task) => task.name === name));
if (!isKnown || !['json', 'table'].includes(values.output)) {
  console.error(usage);
  process.exit(2);
}

const jobs = chosen.flatMap((task) => jobsOf(task, values['leave-one-out']));
const report = reportOf(
  await runJobs(jobs, (done) => {
    const without = done.leftOut === undefined ? '' : ` without call ${done.leftOut + 1}`;
    if (!isRight(done)) console.error(`${done.task.name}${without}:\n${done.result.answers.join('\n--\n')}\n`);
  }),
);
console.log(values.output === 'json' ? JSON.stringify(report, undefined, 2) : tableOf(report));
if (values.page) await writeFile('docs/evaluation.md', pageOf(report));
process.exitCode = report.passed ? 0 : 1;
