import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { textAt, valueAt } from '../kubernetes.ts';

/** Who calls, for the Event on the object: `mcp claude-code 2.1`. The client chose the words, so only plain ones stay. */
export function callerOf(context: ServerContext, server: McpServer): string {
  const client = valueAt(context.mcpReq.envelope, CLIENT_INFO_META_KEY) ?? server.server.getClientVersion();
  const words = `${textAt(client, 'name') ?? 'client'} ${textAt(client, 'version') ?? ''}`;
  return `mcp ${words.replace(/[^\w .@/-]/g, '').slice(0, 80)}`.trim();
}

/**
 * Whether the client can show a form to a human. Clients of 2026-07-28 declare it with every request, older ones once.
 * `elicitation: {}` means forms; only `{url: …}` means none.
 */
export function canAsk(context: ServerContext, server: McpServer): boolean {
  const declared =
    valueAt(context.mcpReq.envelope, CLIENT_CAPABILITIES_META_KEY) ?? server.server.getClientCapabilities();
  const elicitation = valueAt(declared, 'elicitation');
  if (elicitation === undefined) return false;
  return valueAt(elicitation, 'form') !== undefined || valueAt(elicitation, 'url') === undefined;
}
