import * as z from 'zod';
import type { Deployment } from '../../foundry/deployment.ts';
import { listAt, numberAt, textAt } from '../../kubernetes.ts';
import { deploymentRef } from '../../tools/inputs.ts';
import type { Tool } from '../../tools/tool.ts';
import { numberOr } from '../../tools/written-values.ts';

/** Input of a tool, by field. */
export type Given = Readonly<Record<string, unknown>>;

/** A field that is asked for before a tool is called. */
export interface Question {
  readonly field: string;
  /** What there is to choose from; none = it is typed. */
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** What the tool says of the field. */
  readonly about: string;
  /** What was typed, as the tool takes it. */
  read(text: string): unknown;
}

/** More than this is a form, and no prompt. */
const mostQuestions = 3;
/** Characters that one types into one row. */
const longestText = 253;

/** Whether a tool works on one deployment that is there, and needs no more than its name and what a prompt can ask for. */
export function isForDeployment(tool: Tool): boolean {
  const { shape } = tool.input;
  if (!Object.entries(deploymentRef).every(([field, reference]) => shape[field] === reference)) return false;
  const needed = fieldsOf(tool).filter(({ isRequired }) => isRequired);
  return needed.length <= mostQuestions && needed.every(({ schema }) => isSimple(z.toJSONSchema(schema)));
}

/**
 * What a tool is told besides which deployments. Of what it does not need only a choice that they leave open, and only
 * where something is changed. Choices come first: what stands in other fields may depend on them.
 */
export function questionsOf(tool: Tool, rows: readonly Deployment[]): readonly Question[] {
  const questions = fieldsOf(tool)
    .map(({ schema, ...field }) => ({ ...field, property: z.toJSONSchema(schema) }))
    .filter(({ property }) => isSimple(property))
    .map(({ field, property, isRequired }): Question => {
      const allowed = listAt(property, 'enum').filter((choice) => typeof choice === 'string');
      return {
        field,
        choices: allowed.filter((choice) => rows.every((row) => meant[field]?.(row).includes(choice) ?? true)),
        isRequired,
        about: property.description ?? '',
        read: property.type === 'string' ? (text) => text : numberOr,
      };
    })
    .filter(({ isRequired, choices }) => isRequired || (tool.effect !== 'read' && choices.length > 1));
  return questions.toSorted((one, other) => Number(other.choices.length > 0) - Number(one.choices.length > 0));
}

/** What stands in a field before anything is typed: what it is now, where that is the same for all the deployments. */
export function presentText(field: string, rows: readonly Deployment[], given: Given): string {
  const [first, ...others] = new Set(rows.map((row) => present[field]?.(row, given) ?? ''));
  return first === undefined || others.length > 0 ? '' : String(first);
}

/** Of the choices of a field those that mean something for a deployment; default all. */
const meant: Readonly<Record<string, (row: Deployment) => readonly string[]>> = {
  role: ({ roles }) => roles.map(({ role }) => role),
};

/** What a row tells of a field as it is now. */
const present: Readonly<Record<string, (row: Deployment, given: Given) => number | null | undefined>> = {
  replicas: ({ replicas, roles }, { role }) =>
    (role === undefined ? replicas : roles.find((one) => one.role === role))?.desired,
};

/** The fields of a tool that do not tell which deployment. */
const fieldsOf = ({ input: { shape } }: Tool) =>
  Object.entries(shape)
    .filter(([field]) => !Object.hasOwn(deploymentRef, field))
    .map(([field, schema]) => ({ field, schema, isRequired: !schema.safeParse(undefined).success }));

/** A number, a choice or a short text, by its JSON schema. */
const isSimple = (property: unknown): boolean =>
  ['integer', 'number', 'string'].includes(textAt(property, 'type') ?? '') &&
  (numberAt(property, 'maxLength') ?? 0) <= longestText;
