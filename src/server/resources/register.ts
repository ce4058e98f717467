import {
  type McpServer,
  type ReadResourceCallback,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import type { Foundry } from '../../foundry/foundry.ts';
import { completions } from '../completions.ts';
import {
  addressOf,
  deploymentOnRuntimeTemplate,
  deploymentsUri,
  deploymentTemplate,
  type ResourceAddress,
  runtimesUri,
} from './address.ts';
import type { Follower } from './following.ts';
import { readResource } from './reading.ts';

export interface ResourceSetup {
  readonly foundry: Foundry;
  readonly follower: Follower;
}

/** The resources of one connection, and the subscriptions of clients of 2025-11-25. */
export function registerResources(server: McpServer, { foundry, follower }: ResourceSetup): void {
  const read = (uri: URL, { mcpReq }: Parameters<ReadResourceCallback>[1]) =>
    readResource(uri.href, addressed(uri.href), foundry, mcpReq.signal);
  const mimeType = 'application/json';

  server.registerResource(
    'runtimes',
    runtimesUri,
    { title: 'Runtimes', description: 'Inference runtimes: installed, healthy, version, deployments.', mimeType },
    read,
  );
  server.registerResource(
    'deployments',
    deploymentsUri,
    { title: 'Deployments', description: 'Every deployed model with phase and reason, and its own URI.', mimeType },
    read,
  );
  const { namespace, name, runtime } = completions(foundry);
  server.registerResource(
    'deployment',
    new ResourceTemplate(deploymentTemplate, { list: undefined, complete: { namespace, name } }),
    { title: 'Deployment', description: 'One deployment: phase, reason, replicas, endpoint, pods.', mimeType },
    (uri, _, context) => read(uri, context),
  );
  server.registerResource(
    'deployment-on-runtime',
    new ResourceTemplate(deploymentOnRuntimeTemplate, { list: undefined, complete: { namespace, name, runtime } }),
    { title: 'Deployment on a runtime', description: 'The same where both runtimes have one of that name.', mimeType },
    (uri, _, context) => read(uri, context),
  );

  const stops = new Map<string, () => void>();
  const end = (uri: string) => {
    stops.get(uri)?.();
    stops.delete(uri);
  };
  server.server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    const address = addressed(uri);
    end(uri);
    // A client that has gone needs no notification; its going ends the watch.
    const tell = () => void server.server.sendResourceUpdated({ uri }).catch(() => {});
    stops.set(uri, follower.follow(address, tell));
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    end(uri);
    return {};
  });
  const closed = server.server.onclose;
  server.server.onclose = () => {
    for (const uri of [...stops.keys()]) end(uri);
    closed?.();
  };
}

/** @throws ResourceNotFoundError where the URI names nothing of ours */
function addressed(uri: string): ResourceAddress {
  const address = addressOf(uri);
  if (!address) throw new ResourceNotFoundError(uri);
  return address;
}
