import type { Dockerfile, From, Instruction, Item } from '../syntax.ts';

/** The items of one stage. */
export interface StageBody {
  readonly from: From;
  /** Instructions and comments. A `shell=` pragma above FROM is the stage's, so comments there come first. */
  readonly items: Item[];
}

/** Divides a file into its stages and what stands before the first one. */
export function divide({ items }: Dockerfile): {
  readonly preamble: readonly Instruction[];
  readonly bodies: readonly StageBody[];
} {
  const preamble: Instruction[] = [];
  const bodies: StageBody[] = [];
  let comments: Item[] = [];
  for (const item of items) {
    const body = bodies.at(-1);
    if (item.kind === 'comment') {
      comments.push(item);
      body?.items.push(item);
    } else if (item.kind === 'instruction' && item.keyword === 'FROM') {
      bodies.push({ from: item, items: comments });
      comments = [];
    } else if (item.kind === 'instruction') {
      comments = [];
      if (body) body.items.push(item);
      else preamble.push(item);
    }
  }
  return { preamble, bodies };
}
