import type { Edit } from '../report/finding.ts';
import { remove, removeLines } from './spans.ts';
import type { Instruction, Pair, Pairs } from './syntax.ts';

/**
 * Takes a pair out of ENV, ARG or LABEL, and the instruction with its last one. `outer` is what stands in the file:
 * the ONBUILD around it, if there is one. Undefined where a comment would go, too.
 */
export function removePair(text: string, outer: Instruction, { pairs, comments }: Pairs, pair: Pair): Edit | undefined {
  if (pairs.length === 1) return comments.length > 0 ? undefined : removeLines(text, outer);
  const index = pairs.indexOf(pair);
  const next = pairs[index + 1];
  const previous = pairs[index - 1];
  const span = next
    ? { start: pair.span.start, end: next.span.start }
    : { start: previous?.span.end ?? pair.span.start, end: pair.span.end };
  return comments.some(({ start }) => start >= span.start && start < span.end) ? undefined : remove(span);
}
