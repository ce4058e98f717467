import { at, isList, isObject, type Json } from './json.ts';

type Step = (values: readonly Json[]) => readonly Json[];

const childrenOf = (value: Json): readonly Json[] => {
  if (isList(value)) return value;
  return isObject(value) ? Object.values(value).filter((child) => child !== undefined) : [];
};

const field =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => {
      const child = isObject(value) ? value[name] : undefined;
      return child === undefined ? [] : [child];
    });

const index =
  (position: number): Step =>
  (values) =>
    values.flatMap((value) => {
      const child = isList(value) ? value.at(position) : undefined;
      return child === undefined ? [] : [child];
    });

function filter(condition: string): Step {
  const match = /^@\.([\w.-]+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|(\S+))$/.exec(condition.trim());
  if (match === null) return () => [];
  const [, path = '', operator, double, single, bare] = match;
  const wanted = double ?? single ?? bare ?? '';
  return (values) =>
    values
      .flatMap(childrenOf)
      .filter((item) => (String(at(item, ...path.split('.')) ?? '') === wanted) === (operator === '=='));
}

const token =
  /\.([\w\\./-]*[\w-])|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[\?\(([^\]]*)\)\]|\[(-?\d+)\]|\[\*\]|\.\*/gy;

/** Splits `.a.b` at dots that are not escaped (`\.`). */
const fieldsOf = (dotted: string): readonly string[] =>
  dotted.split(/(?<!\\)\./).map((name) => name.replaceAll('\\.', '.'));

const compiled = new Map<string, readonly Step[]>();

function stepsOf(path: string): readonly Step[] {
  const known = compiled.get(path);
  if (known !== undefined) return known;
  const text = path.replace(/^\{?\$?/, '').replace(/\}$/, '');
  const steps: Step[] = [];
  for (const match of text.matchAll(token)) {
    const [, dotted, single, double, condition, position] = match;
    const quoted = single ?? double;
    if (dotted !== undefined) steps.push(...fieldsOf(dotted).map(field));
    else if (quoted !== undefined) steps.push(field(quoted.replaceAll('\\.', '.')));
    else if (condition !== undefined) steps.push(filter(condition));
    else if (position !== undefined) steps.push(index(Number(position)));
    else steps.push((values) => values.flatMap(childrenOf));
  }
  compiled.set(path, steps);
  return steps;
}

/** Every value at a JSONPath of the kind that printer columns and scale paths use. */
export function jsonPath(path: string, value: Json): readonly Json[] {
  let values: readonly Json[] = [value];
  for (const step of stepsOf(path)) values = step(values);
  return values;
}
