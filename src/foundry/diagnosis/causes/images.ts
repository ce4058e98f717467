import type { Cause } from '../../../providers/causes.ts';
import { readLogs, redeploy, restart } from '../../../providers/fixes.ts';

/** Where a kubelet says why it cannot have an image. Events of an image say it at length, waiting states nearly always too. */
const sorts = ['container', 'event'] as const;
const pull = '(?=.*(?:pull|resolve|ErrImage|ImagePullBackOff))';
const image = '.*?image "?(?<image>[\\w./:@-]{1,200})?"?';

/** Why an image cannot be pulled, in the words of containerd and of registries. */
export const imageCauses: readonly Cause[] = [
  {
    code: 'IMAGE_RATE_LIMITED',
    sorts,
    pattern: new RegExp(`${pull}.*(?:toomanyrequests|429 Too Many|rate limit)`, 'is'),
    title: () => 'The registry limits how often it is asked, and this cluster asks too often.',
    fix: ({ namespace }) =>
      `kubectl create secret docker-registry pull-secret -n ${namespace} --docker-server=<registry> --docker-username=<user> --docker-password=<token>`,
  },
  {
    code: 'IMAGE_NODE_FULL',
    sorts,
    pattern: new RegExp(`${pull}.*no space left on device`, 'is'),
    title: () => "The node's disk is full: the image does not fit.",
    fix: () => "kubectl describe nodes | grep -A3 -i 'DiskPressure\\|ephemeral-storage'",
  },
  {
    code: 'IMAGE_UNAUTHORIZED',
    sorts,
    pattern: new RegExp(
      `${pull}.*(?:unauthorized|authentication required|pull access denied|insufficient_scope|403 Forbidden|401 Unauthorized|authorization failed)`,
      'is',
    ),
    title: () =>
      'The registry refuses the image: it is private and no valid pull secret is there, or its name is wrong.',
    fix: ({ namespace }) =>
      `kubectl create secret docker-registry pull-secret -n ${namespace} --docker-server=<registry> --docker-username=<user> --docker-password=<token>`,
  },
  {
    code: 'IMAGE_WRONG_PLATFORM',
    sorts,
    pattern: /no match for platform in manifest|exec format error/i,
    title: () => "The image is not built for the node's processor.",
    fix: (about) => redeploy(about, { nodeSelector: { ...about.asked?.nodeSelector, 'kubernetes.io/arch': 'amd64' } }),
  },
  {
    code: 'IMAGE_NAME_INVALID',
    sorts,
    pattern: /InvalidImageName|couldn't parse image|invalid reference format/i,
    title: () => 'The name of the image is none.',
    fix: (about) => redeploy(about, { image: null }),
  },
  {
    code: 'IMAGE_REGISTRY_UNREACHABLE',
    sorts,
    pattern: new RegExp(
      `${pull}.*(?:no such host|dial tcp|i/o timeout|connection refused|TLS handshake|x509:|DeadlineExceeded|server misbehaving|network is unreachable|proxyconnect|50[234] )`,
      'is',
    ),
    title: () => 'The node cannot reach the registry: DNS, network, proxy or certificate.',
    fix: (about) => restart(about),
  },
  {
    code: 'IMAGE_NOT_FOUND',
    sorts,
    pattern: new RegExp(
      `${image}.*(?:not found|manifest unknown|NotFound|name unknown|does not exist|404 Not Found)`,
      'is',
    ),
    title: ({ image: name }) => `The registry has no image ${name ?? 'of that name or tag'}.`,
    fix: (about) => redeploy(about, { image: null }),
  },
  {
    code: 'IMAGE_PULL_FAILED',
    rank: 'symptom',
    sorts: ['container'],
    pattern: /ImagePullBackOff|ErrImagePull|ErrImageNeverPull/,
    title: () => 'Its image cannot be pulled, and the kubelet does not say why.',
    fix: (about) => readLogs(about),
  },
];
