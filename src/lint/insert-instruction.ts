import type { Edit } from '../report/finding.ts';
import { insertBefore } from './spans.ts';
import type { Dockerfile, Instruction, Item } from './syntax.ts';

/** Puts an instruction in front of another one: above the comments that stand right above that, which belong to it. */
export function insertInstruction({ items, source }: Dockerfile, next: Instruction, text: string): Edit {
  let index = indexAt(items, next.span.start);
  while (isComment(items, index - 1) || (isLineEnd(items[index - 1], source.text) && isComment(items, index - 2)))
    index--;
  return insertBefore(items[index] ?? next, `${text}\n`);
}

function isComment(items: readonly Item[], index: number): boolean {
  return items[index]?.kind === 'comment';
}

function isLineEnd(item: Item | undefined, text: string): boolean {
  return item?.kind === 'space' && /^\r?\n[ \t]*$/.test(text.slice(item.span.start, item.span.end));
}

/** Index of the item that begins at an offset. */
function indexAt(items: readonly Item[], offset: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((items[middle]?.span.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
