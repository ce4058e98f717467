import { dynamo } from './dynamo/provider.ts';
import { kuberay } from './kuberay/provider.ts';
import type { Provider } from './provider.ts';

/** Every runtime that KubeFoundry knows, the preferred one first. A new runtime is a folder and a line here. */
export const providers: readonly Provider[] = [dynamo, kuberay];
