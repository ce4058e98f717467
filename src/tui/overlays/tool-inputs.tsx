import { useState } from 'react';
import type { Deployment } from '../../foundry/deployment.ts';
import { refusalOf } from '../../tools/parse-input.ts';
import type { Tool } from '../../tools/tool.ts';
import { carryOut } from '../deployments/actions.ts';
import { type Given, presentText, type Question, questionsOf } from '../deployments/questions.ts';
import { subjectOf } from '../deployments/targets.ts';
import { useDashboard } from '../state/dashboard.ts';
import { useLive } from '../state/use-live.ts';
import { wrap } from '../text/cells.ts';
import { exactly, line, rule, span } from '../text/line.ts';
import { themes } from '../themes/themes.ts';
import { Picker } from '../widgets/picker.tsx';
import { Prompt, problemHeight } from '../widgets/prompt.tsx';
import { Rows } from '../widgets/rows.tsx';

/** Rows for what the tool does. */
const aboutHeight = 2;
/** With a rule above it, and below it the prompt and what speaks against its text. */
export const inputsHeight = 1 + aboutHeight + 1 + problemHeight;

interface ToolInputsProps {
  readonly tool: Tool;
  readonly deployments: readonly Deployment[];
  readonly width: number;
  readonly height: number;
}

/** Asks one after the other what a tool has to be told about deployments, as the tool itself judges it, then calls it. */
export function ToolInputs({ tool, deployments, width, height }: ToolInputsProps) {
  const dashboard = useDashboard();
  const { glyphs } = themes[useLive(dashboard.theme)];
  const [given, setGiven] = useState<Given>({});
  const [asked, setAsked] = useState(0);
  const questions = questionsOf(tool, deployments);
  const question = questions[asked];
  if (!question) return null;
  const { field, choices, isRequired } = question;
  const close = () => dashboard.navigation.dispatch({ type: 'close' });
  const accept = (text: string) => {
    const next = answered(given, question, text);
    if (asked + 1 < questions.length) {
      setGiven(next);
      setAsked(asked + 1);
      return;
    }
    close();
    carryOut(dashboard, tool, deployments, next);
  };
  const title = [`${tool.title}: ${subjectOf(deployments, placeOf)}`, ...Object.values(given)].join(', ');
  if (choices.length > 0) {
    const none = isRequired ? [] : [{ id: '', label: 'none', detail: `leaves ${field} out` }];
    return (
      <Picker
        key={field}
        title={`${title}: ${field}?`}
        choices={[...choices.map((choice) => ({ id: choice, label: choice })), ...none]}
        empty="no such choice"
        width={width}
        height={height}
        onChoose={({ id }) => accept(id)}
        onCancel={close}
      />
    );
  }
  const about = wrap(tool.description, width - 2).map((row) => line(' ', span(row, 'dim')));
  const now = presentText(field, deployments, given);
  return (
    <>
      <Rows lines={[rule(title, width, glyphs.horizontal), ...exactly(about, aboutHeight)]} width={width} />
      <Prompt
        key={field}
        label={field}
        hint={[now === '' ? '' : `now ${now}`, question.about].filter((part) => part !== '').join('; ')}
        initial={now}
        width={width}
        judge={(text) => refusalOf(tool, answered(given, question, text), field)}
        onAccept={accept}
        onCancel={close}
      />
    </>
  );
}

/** What is left empty is not given. */
const answered = (given: Given, { field, read }: Question, text: string): Given =>
  text === '' ? given : { ...given, [field]: read(text) };

const placeOf = ({ namespace, name }: Deployment): string => `${namespace}/${name}`;
