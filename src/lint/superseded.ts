import { lineStarts, positionAt } from '../report/position.ts';
import type { Problem } from './rule.ts';
import type { SemanticModel } from './semantic/model.ts';
import { type StartKeyword, superseded } from './semantic/start.ts';
import { removeLines } from './spans.ts';

/** The instructions that a later one of their stage makes void, as problems with a fix that removes them. */
export function* supersededProblems(
  { stages, dockerfile: { source } }: SemanticModel,
  keyword: StartKeyword,
): Iterable<Problem> {
  const replaced = stages.flatMap((stage) => superseded(stage, keyword));
  if (replaced.length === 0) return;
  const starts = lineStarts(source.text);
  for (const { step, by } of replaced) {
    const { line } = positionAt(starts, by.instruction.span.start);
    yield {
      at: step.instruction.keywordSpan,
      message: `this ${keyword} is void: the one in line ${line} replaces it`,
      help: 'remove it',
      fix: { title: `Remove the void ${keyword}`, edits: [removeLines(source.text, step.instruction)] },
    };
  }
}
