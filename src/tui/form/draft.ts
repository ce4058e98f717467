import { isDeepStrictEqual } from 'node:util';
import type { RuntimeId } from '../../foundry/spec.ts';
import type { DeploymentKey } from '../state/navigation.ts';
import { type Field, fieldOf } from '../text/field.ts';
import type { FieldId } from './fields.ts';

/** What was written and chosen, by field; a field that nobody touched, or that was emptied, is absent. */
export type Texts = Readonly<Partial<Record<FieldId, string>>>;

/** Where one can be in the form: a field, one of the runtimes, the advanced section's title, the last row. */
export type Stop = FieldId | `runtime:${RuntimeId}` | 'advanced' | 'deploy';

/** The form as somebody left it, in one context. What follows from it and from the cluster is worked out in `form.ts`. */
export interface Draft {
  readonly texts: Texts;
  readonly at: Stop;
  /** Letters before the cursor, in the text field that one is in. */
  readonly caret: number;
  /** Whether the advanced section is open. */
  readonly isOpen: boolean;
  /** What it was filled with in the beginning. */
  readonly begun: Texts;
  /** The deployment that is edited: what is sent under its name, in its place, replaces it. */
  readonly replaces?: DeploymentKey;
  /** The deployment that it is a copy of. */
  readonly copies?: DeploymentKey;
}

export type DraftAction =
  | { readonly type: 'go'; readonly to: Stop }
  | { readonly type: 'move'; readonly by: 1 | -1; readonly stops: readonly Stop[] }
  | { readonly type: 'edit'; readonly field: FieldId; readonly to: Field }
  | { readonly type: 'choose'; readonly field: FieldId; readonly value: string }
  | { readonly type: 'fold' }
  /** Begins anew, with what another deployment asks for or with nothing. */
  | ({ readonly type: 'begin'; readonly isOpen?: boolean } & Pick<Draft, 'texts' | 'replaces' | 'copies'>)
  /** The form is left: a key that is meant for what is seen then must not send it when it is seen again. */
  | { readonly type: 'leave' };

export const emptyDraft: Draft = { texts: {}, begun: {}, at: 'name', caret: 0, isOpen: false };

/** Whether somebody wrote or chose anything that would be lost. */
export const isChanged = ({ texts, begun }: Draft): boolean =>
  Object.keys(texts).length > 0 && !isDeepStrictEqual(texts, begun);

export function reduceDraft(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'go':
      return stoppedAt(draft, action.to);
    case 'move': {
      const { stops, by } = action;
      const index = stops.indexOf(stopOf(draft, stops));
      return stoppedAt(draft, stops[Math.max(0, Math.min(index + by, stops.length - 1))] ?? draft.at);
    }
    case 'edit':
      return { ...draft, texts: withText(draft.texts, action.field, action.to.text), caret: action.to.at };
    case 'choose':
      return { ...draft, texts: withText(draft.texts, action.field, action.value) };
    case 'fold':
      return { ...draft, isOpen: !draft.isOpen, at: 'advanced' };
    case 'begin':
      return stoppedAt(begun(action), 'name');
    case 'leave':
      return draft.at === 'deploy' ? stoppedAt(draft, 'name') : draft;
  }
}

function begun({ type: _, texts, ...how }: Extract<DraftAction, { type: 'begin' }>): Draft {
  return { ...emptyDraft, ...how, texts, begun: texts };
}

/** Where one is; where that is not there any more, at the first place. */
export const stopOf = ({ at }: Draft, stops: readonly Stop[]): Stop =>
  stops.includes(at) ? at : (stops[0] ?? 'deploy');

/** The field as it is being typed in. */
export const typedField = ({ texts, caret }: Draft, field: FieldId): Field => ({ text: texts[field] ?? '', at: caret });

function stoppedAt(draft: Draft, at: Stop): Draft {
  const text = Object.entries(draft.texts).find(([field]) => field === at)?.[1] ?? '';
  return { ...draft, at, caret: fieldOf(text).at };
}

function withText(texts: Texts, field: FieldId, text: string): Texts {
  const { [field]: _, ...others } = texts;
  return text === '' ? others : { ...others, [field]: text };
}
