import { kubernetesBinaries } from '../support/kubernetes-binaries.ts';
import { kubernetesMcpServer } from '../support/kubernetes-mcp-server.ts';
import { buildControlPlane, buildKubeRayOperator } from './build.ts';

/** Builds and fetches what the tests start, once and one after the other, before several of them ask for it. */
export async function setup(): Promise<void> {
  await buildControlPlane();
  await buildKubeRayOperator();
  await kubernetesBinaries();
  await kubernetesMcpServer();
}
