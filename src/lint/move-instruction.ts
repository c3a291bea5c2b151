import type { Edit, Span } from '../report/finding.ts';
import { insertAfter, remove } from './spans.ts';
import type { Dockerfile, Instruction, Item } from './syntax.ts';

/** Moves instructions, with the comments right above them, behind another one; they keep their order. */
export function moveBehind(dockerfile: Dockerfile, moved: readonly Instruction[], target: Instruction): Edit[] {
  const blocks = moved.map((instruction) => blockOf(dockerfile, instruction));
  const { text } = dockerfile.source;
  const texts = blocks.map(({ start }, i) => text.slice(start, moved[i]?.span.end));
  return [...blocks.map(remove), insertAfter(target, texts.map((each) => `\n${each}`).join(''))];
}

/** An instruction with the comments right above it and its line end. */
export function blockOf({ items, source }: Dockerfile, instruction: Instruction): Span {
  let index = items.indexOf(instruction);
  while (isLineEnd(items[index - 1], source.text) && items[index - 2]?.kind === 'comment') index -= 2;
  const start = items[index]?.span.start ?? instruction.span.start;
  const { end } = instruction.span;
  const lineEnd = /^[ \t]*(?:\r?\n|\r)?/.exec(source.text.slice(end, end + 200))?.[0].length ?? 0;
  return { start, end: end + lineEnd };
}

function isLineEnd(item: Item | undefined, text: string): boolean {
  return item?.kind === 'space' && /^\r?\n[ \t]*$/.test(text.slice(item.span.start, item.span.end));
}
