import { join } from 'node:path';

/** Where the parts of one control plane are. */
export interface Layout {
  /** Holds everything below. */
  readonly directory: string;
  readonly apiserverPort: number;
  readonly etcdPort: number;
  /** CSV file of bearer tokens. */
  readonly tokens: string;
  /** Folder of keys and certificates, as `control-plane pki` writes it. */
  readonly pki: string;
}

/** Flags of an etcd that keeps no promise to survive a power cut, in exchange for speed. */
export function etcdFlags({ directory, etcdPort }: Layout): string[] {
  const url = `http://127.0.0.1:${etcdPort}`;
  const peer = 'http://127.0.0.1:0';
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

/** Flags of a kube-apiserver with default admission, RBAC, static tokens and working ServiceAccount tokens. */
export function apiserverFlags({ apiserverPort, etcdPort, tokens, pki }: Layout): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${apiserverPort}`,
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    `--tls-cert-file=${join(pki, 'kube-apiserver.crt')}`,
    `--tls-private-key-file=${join(pki, 'kube-apiserver.key')}`,
    `--client-ca-file=${join(pki, 'ca.crt')}`,
    '--authorization-mode=Node,RBAC',
    `--token-auth-file=${tokens}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${join(pki, 'service-accounts.pub')}`,
    `--service-account-signing-key-file=${join(pki, 'service-accounts.key')}`,
    `--requestheader-client-ca-file=${join(pki, 'front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${join(pki, 'front-proxy-client.crt')}`,
    `--proxy-client-key-file=${join(pki, 'front-proxy-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-certificate-authority=${join(pki, 'ca.crt')}`,
    `--kubelet-client-certificate=${join(pki, 'kubelet-client.crt')}`,
    `--kubelet-client-key=${join(pki, 'kubelet-client.key')}`,
  ];
}

/** Flags of a kube-controller-manager with the default controllers, but for two, and no port of its own. */
export function controllerManagerFlags({ pki }: Layout, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--secure-port=0',
    '--leader-elect=false',
    '--use-service-account-credentials=true',
    `--root-ca-file=${join(pki, 'ca.crt')}`,
    `--service-account-private-key-file=${join(pki, 'service-accounts.key')}`,
    // Nothing here attaches or grows volumes, and these two make a system folder for their plugins on the host.
    '--controllers=*,-persistentvolume-attach-detach-controller,-persistentvolume-expander-controller',
    // With the defaults, 20 and 30, the first ServiceAccount comes five seconds later.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
}
