import { at, isText, type Json, listOr, objectOr } from './json.ts';
import { badRequest } from './status.ts';

export type Labels = { readonly [key: string]: string };

type Requirement = (labels: Labels) => boolean;

const operators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt', '>', '<'];
const lexeme = /\s*(,|\(|\)|==|!=|=|!|<|>|[^\s,()=!<>]+)/gy;

const refusal = (words: string): Error => badRequest(`unable to parse requirement: ${words}`);

/** A reader of lexemes; '' is the end. */
class Lexemes {
  readonly #all: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#all = [...text.matchAll(lexeme)].map((match) => match[1] ?? '');
  }

  peek(): string {
    return this.#all[this.#next] ?? '';
  }

  take(): string {
    const lexeme = this.peek();
    this.#next += 1;
    return lexeme;
  }
}

function setOf(lexemes: Lexemes): readonly string[] {
  const open = lexemes.take();
  if (open !== '(') throw refusal(`found '${open}' expected: '('`);
  const values: string[] = [];
  for (let lexeme = lexemes.take(); lexeme !== ')'; lexeme = lexemes.take()) {
    if (lexeme === '') throw refusal("found '', expected: ',' or ')'");
    if (lexeme !== ',') values.push(lexeme);
  }
  return values;
}

function requirementOf(lexemes: Lexemes): Requirement {
  const first = lexemes.take();
  if (first === '!') {
    const key = lexemes.take();
    return (labels) => labels[key] === undefined;
  }
  const operator = lexemes.peek();
  if (operator === ',' || operator === '') return (labels) => labels[first] !== undefined;
  lexemes.take();
  if (!operators.includes(operator)) {
    throw refusal(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  if (operator === 'in' || operator === 'notin') {
    const values = setOf(lexemes);
    return (labels) => values.includes(labels[first] ?? '\0') === (operator === 'in');
  }
  const isEmpty = lexemes.peek() === ',' || lexemes.peek() === '';
  const value = isEmpty ? '' : lexemes.take();
  switch (operator) {
    case '=':
    case '==':
      return (labels) => labels[first] === value;
    case '!=':
      return (labels) => labels[first] !== value;
    default: {
      const greater = operator === 'gt' || operator === '>';
      return (labels) => {
        const found = labels[first];
        if (found === undefined || !/^-?\d+$/.test(found)) return false;
        return greater ? Number(found) > Number(value) : Number(found) < Number(value);
      };
    }
  }
}

/** What a selector asks of labels: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, joined by commas. */
export function labelsMatch(selector: string): Requirement {
  const lexemes = new Lexemes(selector);
  const requirements: Requirement[] = [];
  while (lexemes.peek() !== '') {
    requirements.push(requirementOf(lexemes));
    const separator = lexemes.take();
    if (separator !== ',' && separator !== '') throw refusal(`found '${separator}', expected: ',' or 'end of string'`);
  }
  return (labels) => requirements.every((holds) => holds(labels));
}

/** Whether a selector in its structured form (`matchLabels`, `matchExpressions`) chooses the labels. */
export function selectorChooses(selector: Json | undefined, labels: Labels): boolean {
  for (const [name, value] of Object.entries(objectOr(at(selector, 'matchLabels')))) {
    if (labels[name] !== value) return false;
  }
  return listOr(at(selector, 'matchExpressions')).every((expression) => {
    const key = at(expression, 'key');
    if (!isText(key)) return false;
    const values = listOr(at(expression, 'values'));
    const value = labels[key];
    switch (at(expression, 'operator')) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}

/** A structured selector as text: `a=b,c in (d,e)`. */
export function selectorText(selector: Json | undefined): string {
  const equal = Object.entries(objectOr(at(selector, 'matchLabels'))).map(([key, value]) => `${key}=${value}`);
  const sets = listOr(at(selector, 'matchExpressions')).map((expression) => {
    const key = String(at(expression, 'key'));
    const values = listOr(at(expression, 'values')).map(String).sort().join(',');
    switch (at(expression, 'operator')) {
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return `${key} ${String(at(expression, 'operator')).toLowerCase()} (${values})`;
    }
  });
  return [...equal.sort(), ...sets.sort()].join(',');
}
