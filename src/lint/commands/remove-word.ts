import type { Edit } from '../../report/finding.ts';
import type { Command, ShellWord } from '../shell.ts';
import { remove } from '../spans.ts';

/** Takes words out that follow each other, with the blanks in front. Undefined where something else stands in between, and in an exec form. */
export function removeWords(command: Command, first: ShellWord, last: ShellWord = first): Edit | undefined {
  const before = command.words[command.words.indexOf(first) - 1];
  if (command.exec || !before || before.span.end > first.span.start) return undefined;
  const span = { start: before.span.end, end: last.span.end };
  const isCrossed = command.redirects.some((each) => each.span.start < span.end && span.start < each.span.end);
  return isCrossed ? undefined : remove(span);
}
