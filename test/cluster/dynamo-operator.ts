import { join } from 'node:path';
import type { ControlPlane } from './control-plane.ts';
import { type LoggedProcess, startLogged } from './logged-process.ts';

/**
 * Starts the sandbox's Dynamo operator as a process of its own, with nothing but a kubeconfig: what it knows it has from
 * the API server. It never outlives this process. Its log is `logs/dynamo-operator.log` of the control plane.
 */
export const startDynamoOperator = (plane: ControlPlane): Pick<LoggedProcess, 'endInput' | 'failure'> =>
  startLogged({
    name: 'dynamo-operator',
    file: process.execPath,
    arguments: ['--import', 'tsx', join(import.meta.dirname, 'dynamo-operator-process.ts')],
    environment: { KUBECONFIG: plane.kubeconfig },
    logFile: join(plane.directory, 'logs', 'dynamo-operator.log'),
  });
