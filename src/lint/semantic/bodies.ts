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
  return bodies.length === 0 ? fragment(items) : { preamble, bodies };
}

/**
 * A file without FROM builds nothing (the rule `before-from`), but templates and pieces of files are linted, too: it is
 * read as one stage on an image that nobody knows.
 */
function fragment(items: readonly Item[]) {
  const instructions = items.filter((item) => item.kind === 'instruction');
  const first = instructions.find(({ keyword }) => keyword !== 'ARG');
  if (!first) return { preamble: instructions, bodies: [] };
  const span = { start: first.span.start, end: first.span.start };
  const from: From = {
    kind: 'instruction',
    keyword: 'FROM',
    keywordSpan: span,
    span,
    flags: [],
    comments: [],
    blanks: [],
  };
  return {
    preamble: [],
    bodies: [{ from, items: items.filter(({ kind }) => kind === 'instruction' || kind === 'comment') }],
  };
}
