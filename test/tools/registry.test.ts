import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { advertisedInput, annotationsOf, tools } from '../../src/tools/registry.ts';
import type { Tool } from '../../src/tools/tool.ts';

/** What a model sees of a tool. */
const seen = (tool: Tool): string => tool.name + tool.description + JSON.stringify(advertisedInput(tool));

describe('laws over all tools', () => {
  test('all that a model sees of them costs at most 3,500 tokens', () => {
    const costs = Object.fromEntries(tools.map((tool) => [tool.name, countTokens(seen(tool))]));
    const sum = Object.values(costs).reduce((total, cost) => total + cost, 0);
    expect(sum, JSON.stringify(costs)).toBeLessThanOrEqual(3_500);
  });

  test.each(tools.map((tool) => [tool.name, tool] as const))('%s keeps them', (_, tool) => {
    expect(tool.name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(tool.command).toMatch(/^[a-z]+$/);
    expect(countTokens(tool.description)).toBeLessThanOrEqual(120);
    expect(Object.keys(tool.input.shape)).toContain('context');
    expect(Object.keys(tool.output.shape)).toContain('context');
    if (tool.effect === 'destroy' || tool.asks === true) expect(tool.plan).toBeTypeOf('function');
    const { readOnlyHint, destructiveHint } = annotationsOf(tool);
    expect(readOnlyHint && destructiveHint).toBe(false);
    expect(readOnlyHint).toBe(tool.effect === 'read');
  });

  test('what a text may hold is said in words where a pattern holds it to that', () => {
    const complaints = tools.flatMap(({ input }) => {
      const fields = Object.keys(input.shape).map((field) => [field, '\u0000']);
      return input.safeParse(Object.fromEntries(fields)).error?.issues ?? [];
    });
    const patterns = complaints.filter((issue) => issue.code === 'invalid_format');
    expect(patterns.length).toBeGreaterThan(tools.length);
    expect(patterns.filter(({ message }) => !/such as|without/.test(message))).toEqual([]);
  });

  test('only a restart does something more when it is called again', () => {
    const repeating = tools.filter((tool) => !annotationsOf(tool).idempotentHint);
    expect(repeating.map(({ name }) => name)).toEqual(['restart_deployment']);
  });

  test('names, commands and routes are each unique', () => {
    for (const of of [
      (tool: Tool) => tool.name,
      (tool: Tool) => tool.command,
      (tool: Tool) => `${tool.route?.method} ${tool.route?.path}`,
    ]) {
      expect(new Set(tools.map(of)).size).toBe(tools.length);
    }
  });

  test('everything that takes a name also takes namespace and runtime', () => {
    for (const { input } of tools) {
      const fields = Object.keys(input.shape);
      if (fields.includes('name')) expect(fields).toEqual(expect.arrayContaining(['namespace', 'runtime']));
    }
  });

  test('what is advertised is JSON Schema with the fields and the required ones of the parser', () => {
    const deploy = tools.find(({ name }) => name === 'deploy_model');
    expect(deploy && advertisedInput(deploy)).toMatchObject({
      type: 'object',
      required: ['name', 'runtime', 'model'],
      properties: { runtime: { enum: ['dynamo', 'kuberay'] }, gpus: { type: 'integer' } },
    });
  });
});
