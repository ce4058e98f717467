import { join } from 'node:path';
import { buildKubeRayOperator } from './build.ts';
import type { ControlPlane } from './control-plane.ts';
import { startLogged } from './logged-process.ts';
import { freePort } from './ports.ts';
import { waitUntil } from './wait.ts';

const readySeconds = 60;

/** Ends the operator, which does not look at its standard input, when that is closed. */
const endWithInput = `
exec 3<&0
"$@" & operator=$!
{ read -r _ <&3; kill -9 $operator; } & guard=$!
wait $operator; code=$?
kill $guard 2>/dev/null
exit $code`;

/** The release that `operators/go.mod` requires. */
export const kuberayVersion = '1.6.2';

/** The real KubeRay operator as a process beside a control plane. */
export interface KubeRayOperator {
  /** Kills it; resolves when it is gone. */
  stop(): Promise<void>;
}

interface OperatorOptions {
  /** An HTTP proxy, `http://host:port`, through which it asks the Ray of every cluster. */
  readonly rayDashboard: string;
}

/**
 * Starts the operator with the rights of the administrator: resolves when it watches. The very first call builds it,
 * which takes minutes. It never outlives this process. Its log is `logs/kuberay-operator.log` of the control plane.
 *
 * @throws Error with the tail of its log when it ends early
 */
export async function startKubeRayOperator(
  plane: ControlPlane,
  { rayDashboard }: OperatorOptions,
): Promise<KubeRayOperator> {
  const health = `127.0.0.1:${await freePort()}`;
  const flags = [
    '--enable-leader-election=false',
    '--metrics-addr=0',
    `--health-probe-bind-address=${health}`,
    '--reconcile-concurrency=8',
    '--qps=500',
    '--burst=1000',
  ];
  const operator = startLogged({
    name: 'kuberay-operator',
    file: '/bin/sh',
    arguments: ['-c', endWithInput, 'sh', await buildKubeRayOperator(), ...flags],
    // Requests to loopback, which is where the API server is, are never sent through a proxy.
    environment: { KUBECONFIG: plane.kubeconfig, HTTP_PROXY: rayDashboard },
    logFile: join(plane.directory, 'logs', 'kuberay-operator.log'),
  });
  const answers = async () => (await fetch(`http://${health}/readyz`)).ok;
  await waitUntil('the KubeRay operator to be ready', readySeconds, answers, operator.failure);
  return { stop: operator.endInput };
}
