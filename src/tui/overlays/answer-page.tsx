import { useEffect, useState } from 'react';
import type { CallResult } from '../../tools/call.ts';
import type { Tool } from '../../tools/tool.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { worded } from '../state/worded.ts';
import { rule } from '../text/line.ts';
import { themes } from '../themes/themes.ts';
import { Rows } from '../widgets/rows.tsx';
import { Scrolled } from '../widgets/scrolled.tsx';
import { answerLines } from './answer-lines.ts';
import { CommandPicker } from './command-picker.tsx';
import { privateWords } from './copy-choices.ts';
import type { Size } from './overlay-panel.tsx';

interface AnswerPageProps extends Size {
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a tool that only reads answers to a person, asked when the page opens and with a key again; closing it ends the call. */
export function AnswerPage({ tool, input, width, height }: AnswerPageProps) {
  const { ask, connections, navigation, now, theme, options } = useDashboard();
  const { asCommands, commandsIn, isPrivate = false } = options;
  const { glyphs } = themes[useLive(theme)];
  const [times, setTimes] = useState(1);
  const [told, setTold] = useState<Told>();
  const [isCopying, setCopying] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    void ask(tool, input, abort.signal).then((result) => {
      if (abort.signal.aborted) return;
      const connection = connections.snapshot();
      const context = connection.state === 'open' ? connection.site.cluster.namedContext : undefined;
      const advice = result?.ok ? result.text : (result?.error.hint ?? '');
      setTold({
        times,
        at: now(),
        result: result && worded(result, (text) => asCommands(text, tool, { context })),
        commands: commandsIn(advice, { context }),
      });
    });
    return () => abort.abort();
  }, [ask, connections, now, asCommands, commandsIn, tool, input, times]);
  const state = told?.times === times ? `, at ${told.at.toTimeString().slice(0, 8)}` : ', asking …';
  const subject = [input.namespace, input.name].join('/');
  const commands = told?.commands ?? [];
  if (isCopying) {
    return <CommandPicker commands={commands} width={width} height={height} onClose={() => setCopying(false)} />;
  }
  return (
    <>
      <Rows lines={[rule(`${tool.title}: ${subject}${state}`, width, glyphs.horizontal)]} width={width} />
      <Scrolled
        lines={told ? answerLines(told.result, isPrivate && commands.length > 0 ? privateWords : '', width) : []}
        width={width}
        height={height - 1}
        level="panel"
        actions={{
          'page.close': () => navigation.dispatch({ type: 'close' }),
          'page.again': () => setTimes(times + 1),
          ...(commands.length > 0 && { 'page.copy': () => setCopying(true) }),
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
  /** That it suggests. */
  readonly commands: readonly string[];
}
