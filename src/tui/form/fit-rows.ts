import { type Fit, fitsLater } from '../../foundry/fit/fit.ts';
import { written } from '../../foundry/written-number.ts';
import type { Tone } from '../text/line.ts';
import type { CheckRow } from './label.ts';

const verdicts = {
  true: { words: 'fits', tone: 'good' },
  false: { words: 'does not fit', tone: 'warn' },
  null: { words: 'not known', tone: 'dim' },
} as const satisfies Readonly<Record<string, { readonly words: string; readonly tone: Tone }>>;

/** The same beside the button, where it is not simply so. */
export function fitMark(fit: Fit): { readonly words: string; readonly tone: Tone } | undefined {
  if (fit.fits === true) return undefined;
  const { words, tone } = verdicts[`${fit.fits}`];
  return fit.fits === null
    ? { words: `fit ${words}`, tone }
    : { words: `${words}${fitsLater(fit) ? ' now' : ''}`, tone };
}

/** Whether the model finds room, where, what each GPU would hold, and what would fit instead. */
export function fitRows(fit: Fit): readonly CheckRow[] {
  const { gpus, cluster, free, largestFree, fits, why, need, on, alternatives } = fit;
  const { words, tone } = verdicts[`${fits}`];
  const kinds = on
    .filter(({ freeRooms }) => freeRooms !== 0)
    .map(
      ({ gpu, freeRooms }) => `${gpu ?? 'GPUs of unknown kind'} (${need ? 'room' : 'GPUs'} for ${written(freeRooms)})`,
    );
  return [
    ['Fit', `${words}: ${why}${kinds.length > 0 ? `; ${kinds.join(', ')}` : ''}`, tone],
    [
      'GPUs needed',
      `${gpus}; usable nodes have ${cluster}, ${written(free)} free, at most ${written(largestFree)} on one`,
    ],
    ...(need === null
      ? []
      : ([
          [
            'GPU memory',
            `${need.total} GiB each: weights ${need.weights}, KV cache ${need.kvCache} for ${written(need.tokens)} tokens, overhead ${need.overhead}`,
          ],
        ] as const)),
    ...alternatives.map((words, index): CheckRow => [index === 0 ? 'Instead' : '', words]),
  ];
}
