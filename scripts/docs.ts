import { readFile, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { accessRoles } from '../src/foundry/rights.ts';
import { entriesAt, listAt, textAt, valueAt } from '../src/kubernetes.ts';
import { commandLine } from '../src/tools/command-line.ts';
import { tools } from '../src/tools/registry.ts';
import type { Tool } from '../src/tools/tool.ts';
import { actionIds, bindingOf, groupOf, groups, helpOf, keyLabel } from '../src/tui/keys/table.ts';
import { roleManifest, roleTable } from './roles.ts';

/** Values that examples show, by field. */
const samples: Readonly<Record<string, string | number>> = {
  name: 'qwen',
  model: 'Qwen/Qwen3-0.6B',
  runtime: 'dynamo',
  replicas: 2,
};

function between(text: string, start: string, end: string, content: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no place for a table: ${start} … ${end}`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

function toolTable(): string {
  const rows = tools.map(
    (tool) =>
      `| \`${tool.name}\` | \`kubefoundry ${tool.command}\` | ${effectOf(tool)} | ${firstSentence(tool.description)} |`,
  );
  return ['| tool | command | effect | does |', '|---|---|---|---|', ...rows].join('\n');
}

function toolsPage(): string {
  const head = `# Tools

Generated from \`src/tools\` by \`npm run docs\`. Every tool is offered to assistants through MCP and as a command.
`;
  return [head, ...tools.map(toolSection)].join('\n');
}

function toolSection(tool: Tool): string {
  const schema = z.toJSONSchema(tool.input, { io: 'input' });
  const required = listAt(schema, 'required').filter((field) => typeof field === 'string');
  const rows = entriesAt(schema, 'properties').map(
    ([field, property]) =>
      `| \`${field}\` | ${typeOf(property)} | ${required.includes(field) ? 'yes' : ''} | ${cell(textAt(property, 'description') ?? '')} |`,
  );
  return `## \`${tool.name}\`

${tool.title}. Effect: ${effectOf(tool)}.

${tool.description}

| input | type | required | |
|---|---|---|---|
${rows.join('\n')}

\`\`\`json
${JSON.stringify({ name: tool.name, arguments: sampleInput(required) })}
\`\`\`

\`\`\`
${commandLine(tool, sampleInput(required))}
\`\`\`
`;
}

const effectOf = (tool: Tool): string => {
  const asks = tool.effect === 'destroy' || tool.asks === true;
  return asks ? `${tool.effect}, asks first` : tool.effect;
};

const sampleInput = (required: readonly string[]) =>
  Object.fromEntries(required.map((field) => [field, samples[field] ?? '…']));

/** `integer`, `"a" or "b"`, `list of object`, `map to text`: enough to write a call. */
function typeOf(property: unknown): string {
  const choices = listAt(property, 'enum');
  if (choices.length > 0) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  const either = listAt(property, 'anyOf');
  if (either.length > 0) return [...new Set(either.map(typeOf))].join(' or ');
  switch (textAt(property, 'type')) {
    case 'string':
      return 'text';
    case 'array':
      return `list of ${typeOf(valueAt(property, 'items'))}`;
    case 'object': {
      const fields = entriesAt(property, 'properties').map(([field]) => field);
      return fields.length > 0
        ? `{${fields.join(', ')}}`
        : `map to ${typeOf(valueAt(property, 'additionalProperties'))}`;
    }
    default:
      return textAt(property, 'type') ?? 'any';
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const firstSentence = (text: string): string => cell(/^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text);

function keysPage(): string {
  const head = `# Keys

Generated from \`src/tui/keys/table.ts\` by \`npm run docs\`. The dashboard shows the same with \`?\`, and by name with \`:\`.
`;
  const sections = groups.map(([group, title]) => {
    const rows = actionIds
      .filter((id) => groupOf(id) === group)
      .map((id) => {
        const binding = bindingOf(id);
        const keys = binding.keys.map((key) => `\`${keyLabel(key)}\``).join(' ');
        return `| ${keys} | ${cell(helpOf(binding))} | ${binding.mutates ? 'yes' : ''} |`;
      });
    return `## ${title}\n\n| keys | | changes the cluster |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return [head, ...sections].join('\n');
}

const files = [
  { path: 'docs/keys.md', render: () => keysPage() },
  { path: 'docs/tools.md', render: () => toolsPage() },
  ...accessRoles.map((role) => ({ path: `docs/rbac/${role}.yaml`, render: () => roleManifest(role) })),
  { path: 'README.md', render: (now: string) => readme(now) },
];

function readme(now: string): string {
  const withTools = between(now, '<!-- tools -->', '<!-- /tools -->', toolTable());
  return between(withTools, '<!-- roles -->', '<!-- /roles -->', roleTable());
}

const check = process.argv.includes('--check');
for (const { path, render } of files) {
  const now = await readFile(path, 'utf8').catch(() => '');
  const wanted = render(now);
  if (now === wanted) continue;
  if (check) {
    console.error(`${path} is out of step: run npm run docs.`);
    process.exitCode = 1;
  } else {
    await writeFile(path, wanted);
    console.log(`${path} written`);
  }
}
