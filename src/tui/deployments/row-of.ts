import type { Deployment } from '../../foundry/deployment.ts';
import type { OpenConnection } from '../data/connection.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import { idOf } from './list-view.ts';

/** The deployment as it is in the list now. */
export const rowOf = (connection: OpenConnection | undefined, key: DeploymentKey): Deployment | undefined =>
  connection?.listing.snapshot().deployments.find((row) => idOf(row) === idOf(key));
