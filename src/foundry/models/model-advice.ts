import type { DeploymentSpec } from '../../providers/spec.ts';
import { slipOf } from '../nearest.ts';
import { plainLine } from '../untrusted-text.ts';
import { catalogue } from './catalogue.ts';
import { enginesFor } from './engine-support.ts';
import type { ModelFacts } from './model-facts.ts';
import type { ModelLibrary } from './model-library.ts';

export interface Advice {
  /** Null where nobody knows the model. */
  readonly facts: ModelFacts | null;
  readonly warnings: readonly string[];
}

/**
 * What is known of the model of a spec, and what speaks against deploying it. Warnings only: the cluster may use another
 * token, or a mirror. Asks the hub for models that the catalogue does not have, and for access to gated ones.
 */
export async function adviseOn(
  spec: Pick<DeploymentSpec, 'model' | 'engine' | 'hfTokenSecret'>,
  models: ModelLibrary,
  signal: AbortSignal,
): Promise<Advice> {
  const { facts, missing, untold } = await models.describe(spec.model, signal);
  if (facts === null) {
    const meant = slipOf(
      spec.model,
      catalogue.map(({ id }) => id),
    );
    const question = meant === undefined ? '' : ` Did you mean ${meant}?`;
    if (missing !== undefined)
      return { facts, warnings: [`model: ${plainLine(missing)}${question} Check its name with find_models.`] };
    const unknown = `model: ${spec.model} is not in the catalogue, and`;
    if (untold !== undefined) {
      const why = plainLine(untold);
      return {
        facts,
        warnings: [`${unknown} whether it exists and how large it is was not checked: ${why}${question}`],
      };
    }
    return { facts, warnings: meant === undefined ? [] : [`${unknown} no hub told whether it exists.${question}`] };
  }
  const unsupported = unsupportedBy(spec, facts);
  const refused = facts.gated === true ? await gateOf(spec, models, signal) : undefined;
  return { facts, warnings: [unsupported, refused].filter((warning) => warning !== undefined) };
}

function unsupportedBy({ engine, model }: Pick<DeploymentSpec, 'model' | 'engine'>, facts: ModelFacts) {
  const supporting = enginesFor(facts.architecture);
  if (engine === undefined || supporting === null || supporting.includes(engine)) return undefined;
  return `engine: ${engine} is not known to serve ${facts.architecture}, which ${model} is; ${supporting.join(', ')} are.`;
}

async function gateOf(
  { model, hfTokenSecret }: Pick<DeploymentSpec, 'model' | 'hfTokenSecret'>,
  models: ModelLibrary,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (hfTokenSecret === undefined) {
    return `model: ${model} is gated: its files need a token. Name a Secret with key HF_TOKEN as hfTokenSecret.`;
  }
  if ((await models.access(model, signal)) !== false) return undefined;
  return `model: ${model} is gated, and HF_TOKEN of this program has no access to it: accept its terms on the hub, and see that the token in Secret ${hfTokenSecret} belongs to whoever did.`;
}
