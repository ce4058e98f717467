import { equal, isList, isObject, isText, type Json } from '../objects/json.ts';
import { ApiError, badRequest } from '../objects/status.ts';

const refused = (): ApiError =>
  new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

function stepsOf(pointer: Json | undefined): readonly string[] {
  if (!isText(pointer) || (pointer !== '' && !pointer.startsWith('/')))
    throw badRequest(`invalid JSON pointer ${JSON.stringify(pointer)}`);
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(value: Json | undefined, steps: readonly string[]): Json | undefined {
  let current = value;
  for (const step of steps) {
    if (isList(current)) current = current[Number(step)];
    else current = isObject(current) ? current[step] : undefined;
  }
  return current;
}

type Edit = 'add' | 'replace' | 'remove';

function edit(
  target: Json | undefined,
  steps: readonly string[],
  kind: Edit,
  value: Json | undefined,
  path: string,
): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value ?? null;
  if (isList(target)) {
    const index = step === '-' ? target.length : Number(step);
    if (!Number.isInteger(index) || index < 0 || index > target.length) throw refused();
    if (rest.length > 0) return target.with(index, edit(target[index], rest, kind, value, path));
    if (kind === 'add') return target.toSpliced(index, 0, value ?? null);
    if (index === target.length) throw refused();
    return kind === 'remove' ? target.toSpliced(index, 1) : target.with(index, value ?? null);
  }
  if (!isObject(target)) throw refused();
  if (rest.length > 0) return { ...target, [step]: edit(target[step], rest, kind, value, path) };
  if (kind !== 'add' && target[step] === undefined) throw refused();
  return { ...target, [step]: kind === 'remove' ? undefined : value };
}

/** RFC 6902. */
export function applyJsonPatch(document: Json, operations: readonly Json[]): Json {
  let result = document;
  for (const operation of operations) {
    if (!isObject(operation)) throw badRequest('error decoding patch: an operation is not an object');
    const { op, path, from, value } = operation;
    const steps = stepsOf(path);
    const name = String(path);
    switch (op) {
      case 'add':
      case 'replace':
        result = edit(result, steps, op, value ?? null, name);
        break;
      case 'remove':
        result = edit(result, steps, 'remove', undefined, name);
        break;
      case 'move':
      case 'copy': {
        const source = valueAt(result, stepsOf(from));
        if (source === undefined) throw refused();
        if (op === 'move') result = edit(result, stepsOf(from), 'remove', undefined, String(from));
        result = edit(result, steps, 'add', source, name);
        break;
      }
      case 'test':
        if (!equal(valueAt(result, steps) ?? null, value ?? null)) throw refused();
        break;
      default:
        throw refused();
    }
  }
  return result;
}
