import { deployModel } from '../../tools/deploy-model.ts';
import { keyOf } from '../keys/table.ts';
import { useActions } from '../keys/use-actions.ts';
import { useDashboard } from '../state/dashboard.ts';
import type { Store } from '../state/source.ts';
import { clipboardSequence } from '../terminal/clipboard.ts';
import { type Draft, type DraftAction, stopOf, typedField } from './draft.ts';
import { mayBeginAnew } from './filling.ts';
import { type Form, runtimeStop, type ShownField } from './form.ts';
import type { Verdict } from './verdict.ts';

const notYet = 'Not yet: ';

interface FormKeys {
  readonly store: Store<Draft, DraftAction>;
  readonly verdict: Verdict;
  readonly isSending: boolean;
  readonly send: () => void;
  readonly togglePreview: () => void;
  /** By pages; absent where the preview does not stand beside the form. */
  readonly scrollPreview?: (by: 1 | -1) => void;
}

/** What the keys do at the place where one is. A text field takes letters, and what is pasted, before anything else. */
export function useFormKeys(form: Form, keys: FormKeys): void {
  const { store, verdict, isSending, send, togglePreview, scrollPreview } = keys;
  const dashboard = useDashboard();
  const { flash, go, options } = dashboard;
  const dispatch = (action: DraftAction): void => {
    // What was in the way before would contradict what is in the way now.
    if (flash.snapshot()?.text.startsWith(notYet)) flash.clear();
    store.dispatch(action);
  };
  // What is typed faster than it is painted must not be lost: the draft is read when the key is pressed.
  const at = () => stopOf(store.snapshot(), form.stops);
  const here = () => form.fields.find(({ field }) => field.id === at());
  const typing = () => {
    const shown = here();
    return shown && !isChosen(shown) ? shown.field.id : undefined;
  };
  const runtimeHere = form.runtimes.find(({ offer }) => runtimeStop(offer) === at());
  const toInstall = runtimeHere ?? (at() === 'deploy' ? form.runtime : undefined);

  const move = (by: 1 | -1) => () => dispatch({ type: 'move', by, stops: form.stops });

  function choose(by: 1 | -1): void {
    const shown = here();
    if (runtimeHere) {
      const next = form.runtimes[form.runtimes.indexOf(runtimeHere) + by];
      if (next) dispatch({ type: 'go', to: runtimeStop(next.offer) });
      dispatch({ type: 'choose', field: 'runtime', value: (next ?? runtimeHere).offer.id });
    } else if (shown?.field.kind === 'toggle') {
      dispatch({ type: 'choose', field: shown.field.id, value: shown.text === 'true' ? '' : 'true' });
    } else if (shown?.field.kind === 'choice') {
      const { options: choices, chosen } = shown;
      const value = choices.at((choices.indexOf(chosen) + by) % choices.length) ?? '';
      dispatch({ type: 'choose', field: shown.field.id, value });
    }
  }

  function press(): void {
    if (runtimeHere) dispatch({ type: 'choose', field: 'runtime', value: runtimeHere.offer.id });
    else if (at() === 'advanced') dispatch({ type: 'fold' });
    else choose(1);
  }

  function accept(): void {
    if (runtimeHere || at() === 'advanced') press();
    if (runtimeHere) dispatch({ type: 'go', to: 'model' });
    else if (at() !== 'advanced') move(1)();
  }

  async function clear(): Promise<void> {
    if (await mayBeginAnew(dashboard, store, 'Empty the form')) dispatch({ type: 'begin', texts: {} });
  }

  const isChoice = typing() === undefined && at() !== 'deploy';
  useActions(
    {
      ...(at() !== form.stops.at(-1) && { 'form.next': move(1) }),
      ...(at() !== form.stops[0] && { 'form.previous': move(-1) }),
      ...(isChoice && { 'form.choose': press, 'form.left': () => choose(-1), 'form.right': () => choose(1) }),
      ...(at() === 'deploy'
        ? {
            'send.deploy': () => {
              if (isSending) return;
              if (verdict.canDeploy) return send();
              flash.show(`${notYet}${verdict.text}`, 'warn');
              if (verdict.at) store.dispatch({ type: 'go', to: verdict.at });
            },
          }
        : { 'form.accept': accept }),
      ...(toInstall?.status?.installed === false &&
        typing() === undefined && {
          'form.install': () => {
            const back = keyOf(store.snapshot().replaces ? 'app.older' : 'app.deploy');
            flash.show(`The form stays as it is: ${back} brings it back.`);
            go({ screen: 'runtime', runtime: toInstall.offer.id });
          },
        }),
      'form.review': () => dispatch({ type: 'go', to: 'deploy' }),
      'form.preview': togglePreview,
      ...(scrollPreview && {
        'form.previewDown': () => scrollPreview(1),
        'form.previewUp': () => scrollPreview(-1),
      }),
      'form.copy': () => {
        const call = JSON.stringify({ name: deployModel.name, arguments: form.input });
        options.write(clipboardSequence(call));
        flash.show('Copied as a call of deploy_model.', 'good');
      },
      'form.clear': () => void clear(),
    },
    {
      level: 'screen',
      typing: {
        read() {
          const field = typing();
          return field && typedField(store.snapshot(), field);
        },
        change(to) {
          const field = typing();
          if (field) dispatch({ type: 'edit', field, to });
        },
      },
    },
  );
}

const isChosen = ({ field }: ShownField): boolean => field.kind === 'choice' || field.kind === 'toggle';
