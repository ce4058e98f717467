import { at, type Json, type JsonObject, listOr, objectOr, textOr, textsOf } from '../objects/json.ts';
import { selectorChooses } from '../objects/label-selector.ts';
import { containerNameFaults } from '../objects/names.ts';
import type { FieldFault } from '../objects/status.ts';

/** A field that is not there. */
export const required = (field: string): FieldFault => ({
  field,
  reason: 'FieldValueRequired',
  words: 'Required value',
});

const negative = (field: string, value: number): FieldFault => ({
  field,
  reason: 'FieldValueInvalid',
  words: `Invalid value: ${value}: must be greater than or equal to 0`,
});

/** Whether a field says nothing. */
export const isMissing = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function containerFaults(container: Json, path: string): readonly FieldFault[] {
  const name = at(container, 'name');
  return [
    ...(isMissing(name) ? [required(`${path}.name`)] : containerNameFaults(`${path}.name`, textOr(name))),
    ...(isMissing(at(container, 'image')) ? [required(`${path}.image`)] : []),
  ];
}

/** What is wrong with the spec of a pod. */
export function podFaults(spec: JsonObject, path: string): readonly FieldFault[] {
  const containers = listOr(spec.containers);
  if (containers.length === 0) return [required(`${path}.containers`)];
  const names = containers.map((container) => at(container, 'name'));
  return [
    ...containers.flatMap((container, index) => containerFaults(container, `${path}.containers[${index}]`)),
    ...listOr(spec.initContainers).flatMap((container, index) =>
      containerFaults(container, `${path}.initContainers[${index}]`),
    ),
    ...names.flatMap((name, index): readonly FieldFault[] =>
      names.indexOf(name) === index
        ? []
        : [
            {
              field: `${path}.containers[${index}].name`,
              reason: 'FieldValueDuplicate',
              words: `Duplicate value: ${JSON.stringify(name)}`,
            },
          ],
    ),
  ];
}

/** What is wrong with the spec of what makes pods. */
export function workloadFaults(spec: JsonObject): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  const labels = at(spec, 'template', 'metadata', 'labels');
  const { replicas } = spec;
  if (typeof replicas === 'number' && replicas < 0) faults.push(negative('spec.replicas', replicas));
  if (isMissing(spec.selector)) faults.push(required('spec.selector'));
  if (isMissing(spec.selector) || !selectorChooses(spec.selector, textsOf(labels))) {
    faults.push({
      field: 'spec.template.metadata.labels',
      reason: 'FieldValueInvalid',
      words: `Invalid value: ${JSON.stringify(labels ?? null)}: \`selector\` does not match template \`labels\``,
    });
  }
  const pod = objectOr(at(spec, 'template', 'spec'));
  faults.push(...podFaults(pod, 'spec.template.spec'));
  if (pod.restartPolicy !== 'Always') {
    faults.push({
      field: 'spec.template.spec.restartPolicy',
      reason: 'FieldValueNotSupported',
      words: `Unsupported value: ${JSON.stringify(pod.restartPolicy)}: supported values: "Always"`,
    });
  }
  return faults;
}
