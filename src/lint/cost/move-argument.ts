import { moveBehind } from '../move-instruction.ts';
import type { SemanticModel, Step } from '../semantic/model.ts';
import { variablesIn } from './arguments.ts';
import type { LateInstall } from './late-installs.ts';
import { neutrality } from './neutral.ts';
import { maxStretch, type Reordering } from './reorder.ts';

/** Moves arguments behind the installs, with the ENV and LABEL that read them. Undefined when something else does. */
export function moveArgument(model: SemanticModel, lates: readonly LateInstall[]): Reordering | undefined {
  const first = lates[0]?.behind[0]?.step;
  const last = lates.at(-1)?.step;
  if (!first || !last || lates.some(({ step }) => step.stage !== first.stage)) return undefined;
  if (last.index - first.index > maxStretch) return undefined;
  const stretch = first.stage.steps.slice(first.index, last.index + 1);
  const { text } = model.dockerfile.source;
  const names = new Set<string>();
  const moved: Step[] = [];
  const others: Step[] = [];
  for (const step of stretch) {
    const { instruction, deferred } = step;
    const isChange = lates.some(({ behind }) => behind.some((change) => change.step === step));
    const reads = variablesIn(text.slice(instruction.span.start, instruction.span.end)).some((name) => names.has(name));
    const isPairs = instruction.keyword === 'ARG' || instruction.keyword === 'ENV' || instruction.keyword === 'LABEL';
    if (!isChange && !reads) others.push(step);
    else if (!isPairs || deferred) return undefined;
    else {
      moved.push(step);
      if (instruction.keyword !== 'LABEL') for (const { key } of instruction.pairs) names.add(key.text);
    }
  }
  const runs = others.filter(({ instruction, deferred }) => instruction.keyword === 'RUN' && !deferred);
  const safe = runs.every(
    ({ commands }) => commands.length > 0 && commands.every((each) => neutrality(each) === 'system'),
  );
  const instructions = moved.map(({ instruction }) => instruction);
  return {
    title: 'Declare it behind the installs',
    safe,
    edits: moveBehind(model.dockerfile, instructions, last.instruction),
  };
}
