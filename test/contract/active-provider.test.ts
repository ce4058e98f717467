import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../support/mcp-clients.ts';
import { run } from '../support/program.ts';
import { activeProvider } from './plan/scenario.ts';

const root = resolve(import.meta.dirname, '../..');
const searched = ['src/**/*.ts', 'demo/**/*.ts', 'scripts/**/*.ts', 'docs/**/*.md', '*.md', '*.json'];

test('[plan 3, 5] no source or document speaks of an active provider, but the line of the doctor', () => {
  const files = globSync(searched, { cwd: root }).sort();
  expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/tools.md', 'package.json', 'src/main.ts']));
  const found = files.flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.filter((line) => activeProvider.test(line)).map((line) => `${file}: ${line.trim()}`);
  });
  expect(found).toEqual([
    expect.stringMatching(/^src\/cli\/doctor\/cluster\.ts: .* is ignored: the runtime is chosen per deployment/),
    // The simulated cluster of earlier days, which holds what the doctor finds.
    expect.stringMatching(/^src\/sandbox\/scenarios\/legacy\.ts: data: /),
  ]);
});

test('[plan 3, 5] no instruction, tool, schema or help speaks of an active provider', async () => {
  const client = await connect(['--sandbox']);
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  const help = await Promise.all(['deploy', 'list', 'doctor'].map((command) => run([command, '--help'])));
  const told = JSON.stringify({ instructions: client.getInstructions(), tools, help });
  expect(told).toContain('The runtime is named in every deploy_model');
  expect(told).not.toMatch(activeProvider);
});
