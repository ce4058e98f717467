const repository = (image: string): string => (/^[^/]+[.:][^/]*\//.test(image) ? image : `docker.io/${image}`);
const host = (image: string): string => repository(image).split('/')[0] ?? '';
const path = (image: string): string => repository(image).split('/').slice(1).join('/').split(':')[0] ?? '';

const resolving = (image: string, code: string, why: string): string => {
  const full = repository(image);
  return `rpc error: code = ${code} desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${why}`;
};

/** Why a kubelet cannot pull an image, in the words of containerd and of registries. */
export const pullFailures = {
  'image-pull': (image: string) => resolving(image, 'NotFound', `${repository(image)}: not found`),
  'image-unauthorized': (image: string) =>
    resolving(
      image,
      'Unknown',
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    ),
  'image-rate-limited': (image: string) =>
    resolving(
      image,
      'Unknown',
      `unexpected status from HEAD request to https://${host(image)}/v2/${path(image)}/manifests/latest: 429 Too Many Requests - toomanyrequests: You have reached your unauthenticated pull rate limit.`,
    ),
  'image-unreachable': (image: string) =>
    resolving(
      image,
      'Unknown',
      `failed to do request: Head "https://${host(image)}/v2/${path(image)}/manifests/latest": dial tcp: lookup ${host(image)} on 10.96.0.10:53: no such host`,
    ),
  'image-node-full': (image: string) =>
    `rpc error: code = Unknown desc = failed to pull and unpack image "${repository(image)}": failed to extract layer sha256:5f70bf18a086: write /var/lib/containerd/tmpmounts/containerd-mount1: no space left on device`,
  'image-wrong-platform': (image: string) =>
    `rpc error: code = NotFound desc = failed to pull and unpack image "${repository(image)}": no match for platform in manifest: not found`,
} as const satisfies Record<string, (image: string) => string>;
