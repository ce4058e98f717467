/** What is known of the GPUs of a node before anything runs on them. */
export interface GpuKind {
  /** Product name as the labels tell it; null = no label tells it. */
  readonly model: string | null;
  /** Of one GPU (or one MIG slice) in MiB; null = neither a label nor the table tells it. */
  readonly memory: number | null;
}

type Labels = Readonly<Record<string, string>>;

/**
 * Extended resources that are GPUs or parts of them: whole ones and MIG slices as NVIDIA's device plugin names them
 * (`.shared` = time slices), and AMD's.
 */
export const isGpuResource = (name: string): boolean =>
  /^nvidia\.com\/(gpu(\.shared)?|mig-[\w.+-]+)$/.test(name) || name === 'amd.com/gpu';

/**
 * Memory in GB (10^9 bytes) from the makers' data sheets, for nodes whose labels name a product only. It is a little
 * less than what the driver reports (an L4: 22,888 of 23,034 MiB), so that nothing fits by mistake.
 */
const dataSheets: readonly (readonly [RegExp, number])[] = [
  [/b200/, 180],
  [/h200/, 141],
  [/h100-nvl/, 94],
  [/h100/, 80],
  [/a100.*80gb/, 80],
  [/a100.*40gb/, 40],
  [/l40/, 48],
  [/a10g?\b/, 24],
  [/l4\b/, 24],
  [/t4\b/, 16],
  [/v100.*32gb/, 32],
  [/v100.*16gb/, 16],
  [/mi325x/, 256],
  [/mi300x/, 192],
];

const mebibytes = (gigabytes: number): number => Math.floor((gigabytes * 1e9) / 2 ** 20);

function fromTable(model: string | null): number | null {
  const gigabytes = dataSheets.find(([product]) => product.test(model?.toLowerCase() ?? ''))?.[1];
  return gigabytes === undefined ? null : mebibytes(gigabytes);
}

const positive = (text: string | undefined): number | null => {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : null;
};

/** `192G` as AMD's labeller writes video memory. */
function vram(text: string | undefined): number | null {
  const gibibytes = positive(/^(\d+)G$/.exec(text ?? '')?.[1]);
  return gibibytes === null ? null : gibibytes * 1024;
}

const migProfile = (resource: string) => /^nvidia\.com\/mig-(\d+g\.(\d+)gb.*)$/.exec(resource);

/** Where GPU feature discovery tells of it: slices have labels of their own. */
const discoveredAt = (resource: string): string => (migProfile(resource) ? `${resource}.` : 'nvidia.com/gpu.');

/** The label that tells the product, by which such nodes are selected; undefined = none does. */
export function productLabel(
  resource: string,
  labels: Labels,
): { readonly key: string; readonly value: string } | undefined {
  const keys =
    resource === 'amd.com/gpu'
      ? ['amd.com/gpu.product-name']
      : [`${discoveredAt(resource)}product`, 'cloud.google.com/gke-accelerator'];
  for (const key of keys) {
    const value = labels[key];
    if (value !== undefined) return { key, value };
  }
  return undefined;
}

/**
 * Product and memory from the labels of NVIDIA's GPU feature discovery (`nvidia.com/gpu.product`, `nvidia.com/gpu.memory`
 * in MiB, `nvidia.com/mig-<profile>.*` for slices), of AMD's node labeller, or of a cloud; else from the table.
 */
export function gpuKind(resource: string, labels: Labels): GpuKind {
  const product = productLabel(resource, labels)?.value ?? null;
  if (resource === 'amd.com/gpu') {
    return { model: product, memory: vram(labels['amd.com/gpu.vram']) ?? fromTable(product) };
  }
  const profile = migProfile(resource);
  const own = discoveredAt(resource);
  const model = product ?? (profile ? `MIG-${profile[1]}` : null);
  // Time slices share one memory: none of them can count on a part of it.
  if (resource.endsWith('.shared') || Number(labels[`${own}replicas`] ?? 1) > 1) return { model, memory: null };
  const labelled = positive(labels[`${own}memory`]);
  return { model, memory: labelled ?? (profile ? mebibytes(Number(profile[2])) : fromTable(model)) };
}
