import { capacityProblems } from '../capacity.ts';
import { placementProblems } from '../placement.ts';
import type { Facts, Problem } from '../provider.ts';
import { parseVersion } from '../semantic-version.ts';
import { type DeploymentSpec, deploymentName } from '../spec.ts';
import { choicesOf, componentsOf } from './components.ts';
import { checkEngineArgs } from './engine-flags.ts';
import { takesQuantization } from './engines.ts';
import { detect } from './installation.ts';
import { defaultVersion } from './releases.ts';
import { imageVersion } from './versions.ts';

/**
 * Longest name of a deployment: `<name>-prefill-<8 hex>` must fit 63 characters, and so must `<namespace>-<name>`, a
 * label's value. The operator checks neither, and what is too long stays pending for ever.
 */
export const nameLimit = (namespace: string): number => Math.min(46, 62 - namespace.length);

const error = (
  path: string,
  code: Problem['code'],
  message: string,
  hint: string,
  allowed?: readonly string[],
): Problem => ({
  path,
  severity: 'error',
  code,
  message,
  hint,
  allowed,
});

function checkName({ name, namespace }: DeploymentSpec): readonly Problem[] {
  const limit = nameLimit(namespace);
  if (!deploymentName.safeParse(name).success) {
    const message = `${name} is not a name for a deployment: lower case letters, digits and dashes, beginning with a letter.`;
    return [error('name', 'INPUT_INVALID', message, 'Choose another name.')];
  }
  if (name.length <= limit) return [];
  const message = `The name has ${name.length} characters; a Dynamo deployment in namespace ${namespace} may have ${limit}.`;
  return [error('name', 'INPUT_INVALID', message, 'Choose a shorter name.')];
}

function checkReplicas(spec: DeploymentSpec): readonly Problem[] {
  const aggregated = spec.mode !== 'disaggregated';
  const perRole = (['prefillReplicas', 'decodeReplicas'] as const).filter((field) => spec[field] !== undefined);
  if (aggregated) {
    return perRole
      .slice(0, 1)
      .map((field) =>
        error(
          field,
          'INVALID_FOR_RUNTIME',
          `${perRole.join(' and ')} need mode disaggregated: an aggregated deployment has one kind of worker.`,
          'Use replicas, or set mode to disaggregated.',
        ),
      );
  }
  const { replicas = 1, prefillReplicas = replicas, decodeReplicas = replicas } = spec;
  if (decodeReplicas > 0 || prefillReplicas === 0) return [];
  const message = 'Prefill workers without a decode worker answer nothing.';
  return [
    error('decodeReplicas', 'INPUT_INVALID', message, 'Set decodeReplicas to 1 or more, or prefillReplicas to 0 too.'),
  ];
}

function checkQuantization({ quantization, engine }: DeploymentSpec): readonly Problem[] {
  if (quantization === undefined || engine === undefined || takesQuantization(engine)) return [];
  const message = `${engine} takes its quantization from the checkpoint, not from a field.`;
  return [
    error(
      'quantization',
      'INVALID_FOR_RUNTIME',
      message,
      'Leave quantization out and choose a quantized checkpoint as model.',
    ),
  ];
}

function checkImage(spec: DeploymentSpec, facts: Facts): readonly Problem[] {
  if (spec.image === undefined || imageVersion(spec.image) !== undefined || detect(facts).version !== undefined)
    return [];
  return [
    error(
      'image',
      'INVALID_FOR_RUNTIME',
      `The tag of ${spec.image} is no version, and the operator's version, which would stand in, is not known.`,
      `Use a tag such as ${defaultVersion} or ${defaultVersion}-custom.`,
    ),
  ];
}

function checkVersion(facts: Facts): readonly Problem[] {
  const { version } = detect(facts);
  const parsed = version === undefined ? undefined : parseVersion(version);
  if (!parsed || parsed.major >= 1) return [];
  const message = `The installed operator is Dynamo ${version}; KubeFoundry writes manifests for 1.0 and later.`;
  return [error('runtime', 'NOT_SUPPORTED', message, 'Upgrade Dynamo first.')];
}

function checkNamespace({ namespace }: DeploymentSpec, facts: Facts): readonly Problem[] {
  const { watches, operator } = detect(facts);
  if (watches === undefined || watches.includes(namespace)) return [];
  const message = `The operator ${operator?.namespace}/${operator?.name} watches only ${watches.join(', ')}, not ${namespace}.`;
  return [error('namespace', 'INVALID_FOR_RUNTIME', message, `Use namespace ${watches.join(' or ')}.`, watches)];
}

function checkFlags(spec: DeploymentSpec, facts: Facts): readonly Problem[] {
  const choices = choicesOf(spec, facts);
  const emitted = componentsOf({ ...spec, engineArgs: undefined }, choices).flatMap((component) => component.args);
  return checkEngineArgs({ ...spec, mode: choices.mode }, choices.engine, emitted);
}

/** Everything that is wrong with a spec for the Dynamo that is installed; the schema has been checked before. */
export function validate(spec: DeploymentSpec, facts: Facts): readonly Problem[] {
  return [
    ...checkName(spec),
    ...checkVersion(facts),
    ...checkNamespace(spec, facts),
    ...checkReplicas(spec),
    ...checkQuantization(spec),
    ...checkFlags(spec, facts),
    ...checkImage(spec, facts),
    ...capacityProblems(spec, facts),
    ...placementProblems(spec),
  ];
}
