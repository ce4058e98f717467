import { useEffect, useState } from 'react';
import { quoteBar } from '../../foundry/untrusted-text.ts';
import type { CallResult } from '../../tools/call.ts';
import { getDeploymentLogs } from '../../tools/get-deployment-logs.ts';
import type { Tool } from '../../tools/tool.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { worded } from '../state/worded.ts';
import { wrap } from '../text/cells.ts';
import { type Line, line, rule, span, type Tone } from '../text/line.ts';
import { themes } from '../themes/themes.ts';
import { Rows } from '../widgets/rows.tsx';
import { Scrolled } from '../widgets/scrolled.tsx';

interface AnswerPageProps {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly width: number;
  readonly height: number;
}

/** What a tool that only reads answers to a person, asked when the page opens and with a key again; closing it ends the call. */
export function AnswerPage({ tool, input, width, height }: AnswerPageProps) {
  const { ask, navigation, now, theme, options } = useDashboard();
  const { asCommands } = options;
  const { glyphs } = themes[useLive(theme)];
  const [times, setTimes] = useState(1);
  const [told, setTold] = useState<Told>();
  useEffect(() => {
    const abort = new AbortController();
    void ask(tool, input, abort.signal).then((result) => {
      if (!abort.signal.aborted) setTold({ times, at: now(), result: result && worded(result, tool, asCommands) });
    });
    return () => abort.abort();
  }, [ask, now, asCommands, tool, input, times]);
  const state = told?.times === times ? `, at ${told.at.toTimeString().slice(0, 8)}` : ', asking …';
  const subject = [input.namespace, input.name].join('/');
  return (
    <>
      <Rows lines={[rule(`${tool.title}: ${subject}${state}`, width, glyphs.horizontal)]} width={width} />
      <Scrolled
        lines={told ? answerLines(told.result, width) : []}
        width={width}
        height={height - 1}
        level="panel"
        atEnd={tool.name === getDeploymentLogs.name}
        actions={{
          'page.close': () => navigation.dispatch({ type: 'close' }),
          'page.again': () => setTimes(times + 1),
        }}
      />
    </>
  );
}

/** The answer to one asking. */
interface Told {
  readonly times: number;
  readonly at: Date;
  readonly result: CallResult | undefined;
}

function answerLines(result: CallResult | undefined, width: number): readonly Line[] {
  const text = (words: string, tone?: Tone) => wrap(words, width - 2).map((row) => line(' ', span(row, tone)));
  if (!result) return text('There is no cluster to ask.', 'bad');
  if (result.ok)
    return result.text
      .split('\n')
      .flatMap((words) => (words.startsWith(quoteBar) ? quotedRows(words, width) : text(words)));
  const { code, message, hint } = result.error;
  return [...`${code}: ${message}`.split('\n').flatMap((words) => text(words, 'bad')), ...text(hint)];
}

/** What others wrote keeps its bar in each of its rows: none of them can pass for words of ours. */
const quotedRows = (words: string, width: number): readonly Line[] =>
  wrap(words.slice(quoteBar.length), width - 6).map((row, at) =>
    line(' ', span(at === 0 ? quoteBar : `${quoteBar}  `, 'dim'), row),
  );
