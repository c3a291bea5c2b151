import type { Span } from '../../report/finding.ts';
import { lineStarts, positionAt } from '../../report/position.ts';
import type { SemanticModel, Step } from '../semantic/model.ts';
import type { Change } from './changes.ts';
import type { LateInstall } from './late-installs.ts';
import { commandTitle, listing } from './words.ts';

/** All that runs again because of one step. */
export interface LateGroup {
  /** The first step that all of them stand behind. */
  readonly change: Change;
  /** The word or the mount that brings in what changes. */
  readonly at: Span;
  /** In the order of the file; never empty. */
  readonly lates: readonly LateInstall[];
  /** `npm ci (line 10) and pip install (line 14)`. */
  readonly title: string;
}

/** Late installs by what they stand behind. `accepts` says which kinds of work count. */
export function lateGroups(
  model: SemanticModel,
  kind: Change['kind'],
  accepts: (late: LateInstall) => boolean,
): readonly LateGroup[] {
  const groups = new Map<Step, LateInstall[]>();
  for (const late of model.lateInstalls) {
    const [first] = late.behind;
    if (first?.kind !== kind || !accepts(late)) continue;
    const known = groups.get(first.step);
    if (known) known.push(late);
    else groups.set(first.step, [late]);
  }
  const starts = groups.size > 0 ? lineStarts(model.dockerfile.source.text) : [];
  return [...groups.values()].flatMap((lates) => {
    const change = lates[0]?.behind[0];
    if (!change) return [];
    const lineOf = ({ command }: LateInstall): number => positionAt(starts, command.span.start).line;
    return [{ change, lates, at: changedSpan(change), title: latesTitle(lates, lineOf) }];
  });
}

function latesTitle(lates: readonly LateInstall[], lineOf: (late: LateInstall) => number): string {
  const lines = new Map<string, Set<number>>();
  for (const late of lates) {
    const title = commandTitle(late.command);
    lines.set(title, (lines.get(title) ?? new Set()).add(lineOf(late)));
  }
  const titles = [...lines].map(([title, numbers]) => {
    return `${title} (${numbers.size === 1 ? 'line' : 'lines'} ${listing([...numbers].map(String))})`;
  });
  return listing(titles);
}

function changedSpan({ input, step: { instruction } }: Change): Span {
  if (input.kind === 'context' || input.kind === 'stage')
    return 'word' in input.at ? input.at.word.span : input.at.span;
  if (input.kind !== 'argument' || (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV'))
    return instruction.keywordSpan;
  const pair = instruction.pairs.find(({ key }) => key.text === input.name) ?? instruction.pairs[0];
  return pair?.key.span ?? instruction.keywordSpan;
}
