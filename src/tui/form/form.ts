import { type RuntimeOffer, runtimeOffers, selectionOf } from '../../foundry/runtime-offers.ts';
import type { RuntimeStatus } from '../../foundry/runtimes.ts';
import type { RuntimeId } from '../../foundry/spec.ts';
import type { Draft, Stop, Texts } from './draft.ts';
import { type Chosen, type FieldId, type FormField, formFields, isMeant } from './fields.ts';
import { notations } from './written.ts';

/** One runtime as it is offered. */
export interface RuntimeOption {
  readonly offer: RuntimeOffer;
  /** Absent as long as the cluster has not answered. */
  readonly status?: RuntimeStatus;
  readonly isChosen: boolean;
  /** Why it may not work. */
  readonly warning?: string;
}

/** A field as it stands. */
export interface ShownField {
  readonly field: FormField;
  /** What was written. */
  readonly text: string;
  /** What there is to choose from, and what is chosen. */
  readonly options: readonly string[];
  readonly chosen: string;
  /** What is taken where nothing is written. */
  readonly standard: string;
}

/** Everything that follows from a draft and from what the cluster says. */
export interface Form {
  readonly runtimes: readonly RuntimeOption[];
  /** The runtime that is chosen, by somebody or beforehand. */
  readonly runtime?: RuntimeOption;
  /** Those that mean something with what is chosen, the advanced ones included. */
  readonly fields: readonly ShownField[];
  readonly stops: readonly Stop[];
  /** Whether it is sent in place of the deployment that is edited: as long as name, namespace and runtime are that one's. */
  readonly isReplacing: boolean;
  /** The call that the form stands for. Nothing is in it that was not asked for, and the runtime always is. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** `statuses` are undefined as long as the cluster has not answered. */
export function formOf({ texts, isOpen, replaces }: Draft, statuses: readonly RuntimeStatus[] | undefined): Form {
  const selection = statuses && selectionOf(statuses);
  const selected = texts.runtime ?? selection?.selected;
  const runtimes = runtimeOffers.map((offer): RuntimeOption => {
    const status = statuses?.find(({ id }) => id === offer.id);
    const warning = selection?.choices.find(({ runtime }) => runtime === offer.id)?.warning;
    return {
      offer,
      isChosen: offer.id === selected,
      ...(status && { status }),
      ...(warning !== undefined && { warning }),
    };
  });
  const runtime = runtimes.find(({ isChosen }) => isChosen);
  const chosen = chosenOf(texts, runtime?.offer);
  const fields = formFields
    .filter((field) => isMeant(field, chosen))
    .map((field) => shownField(field, texts, runtime?.offer));
  const isReplacing =
    replaces !== undefined &&
    texts.name?.trim() === replaces.name &&
    runtime?.offer.id === replaces.runtime &&
    (texts.namespace ?? runtime.offer.defaultNamespace) === replaces.namespace;
  return {
    runtimes,
    isReplacing,
    ...(runtime && { runtime }),
    fields,
    stops: stopsOf(fields, isOpen),
    input: {
      ...inputOf(fields),
      ...(runtime && { runtime: runtime.offer.id }),
      ...(isReplacing && { replace: true }),
    },
  };
}

/** A choice that the runtime does not offer counts as none: it comes back with a runtime that does. */
const choiceOf = <Option extends string>(text: string | undefined, options: readonly Option[]): Option | undefined =>
  options.find((option) => option === text) ?? options[0];

function chosenOf({ engine, mode }: Texts, offer: RuntimeOffer | undefined): Chosen {
  if (!offer) return {};
  const chosen = { engine: choiceOf(engine, offer.engines), mode: choiceOf(mode, offer.modes) };
  return { offer, ...(chosen.engine && { engine: chosen.engine }), ...(chosen.mode && { mode: chosen.mode }) };
}

function shownField(field: FormField, texts: Texts, offer: RuntimeOffer | undefined): ShownField {
  const options = (offer && field.options?.(offer)) ?? [];
  return {
    field,
    text: texts[field.id] ?? '',
    options,
    chosen: choiceOf(texts[field.id], options) ?? '',
    standard: field.standard?.(offer) ?? '',
  };
}

const stopsOf = (fields: readonly ShownField[], isOpen: boolean): readonly Stop[] => [
  ...fields
    .filter(({ field }) => !field.advanced)
    .flatMap(({ field }): readonly Stop[] => (field.id === 'runtime' ? runtimeOffers.map(runtimeStop) : [field.id])),
  'advanced',
  ...(isOpen ? fields.filter(({ field }) => field.advanced).map(({ field }) => field.id) : []),
  'deploy',
];

export const runtimeStop = ({ id }: { readonly id: RuntimeId }): Stop => `runtime:${id}`;

function inputOf(fields: readonly ShownField[]): Readonly<Record<string, unknown>> {
  const given = fields.filter(
    ({ field, text, options }) =>
      field.id !== 'runtime' && text.trim() !== '' && (field.kind !== 'choice' || options.includes(text)),
  );
  return Object.fromEntries(given.map(({ field, text }) => [field.id, notations[field.kind].read(text.trim())]));
}

/** What a spec asks for, as it stands in the form. */
export const textsOf = (spec: Readonly<Partial<Record<FieldId, unknown>>>): Texts =>
  Object.fromEntries(
    formFields.flatMap(({ id, kind }) => (spec[id] === undefined ? [] : [[id, notations[kind].write(spec[id])]])),
  );

/** Whether any of it stands in the advanced section. */
export const isAdvanced = (texts: Texts): boolean =>
  formFields.some(({ id, advanced }) => advanced && texts[id] !== undefined);
