import { productLabel } from '../capacity/gpu-resources.ts';
import type { Survey } from '../capacity/survey.ts';
import { plainLine } from '../untrusted-text.ts';
import type { Fit } from './fit.ts';

/** Where it fits on some of the nodes that it can get, and not on others; with what keeps it off these, where a label does. */
export function strayWarnings(fit: Fit | null, survey: Survey): readonly string[] {
  if (!fit || fit.on.length === 0 || fit.tooSmall.length === 0) return [];
  const small = fit.tooSmall.map((kind) => plainLine(kind, 63)).join(', ');
  const selector = selectorOf(fit, survey);
  const cure = selector === undefined ? '' : ` nodeSelector ${JSON.stringify(selector)} keeps it off.`;
  return [`The scheduler counts GPUs, not their memory: a replica may land on ${small}, where it does not fit.${cure}`];
}

/** The one label of the smallest kind of GPU that is known to be large enough and has room for all replicas now. */
function selectorOf(
  { on, tooSmall, gpus, gpusPerReplica }: Fit,
  { nodes }: Survey,
): Readonly<Record<string, string>> | undefined {
  const replicas = gpus / gpusPerReplica;
  const room = on.find(({ memory, freeRooms }) => memory !== null && freeRooms !== null && freeRooms >= replicas);
  if (!room?.gpu || tooSmall.includes(room.gpu)) return undefined;
  const labels = (nodes ?? [])
    .filter(({ model, memory }) => model === room.gpu && memory === room.memory)
    .map(({ resource, labels: all }) => productLabel(resource, all));
  const [key, ...others] = new Set(labels.map((label) => label?.key));
  return key === undefined || others.length > 0 ? undefined : { [key]: plainLine(room.gpu, 63) };
}
