import type { Span } from '../report/finding.ts';
import { applyPlain, type Marked } from './example-marks.ts';
import { applyEdits } from './fix.ts';
import { parse } from './parse.ts';
import type { Instruction } from './syntax.ts';

/** A change of the text that must not change what a rule says. Undefined: not applicable to this text. */
export interface Rewrite {
  readonly name: string;
  apply(text: string): readonly { readonly span: Span; readonly text: string }[] | undefined;
  /** Brings two results to a common form, where the rewrite does not reach text that a fix inserts. */
  normalize?(text: string): string;
}

export const identity: Rewrite = { name: '', apply: () => [] };

export const rewrites: readonly Rewrite[] = [
  {
    name: 'under CRLF',
    apply: (text) =>
      [...text.matchAll(/\n/g)].map(({ index }) => ({ span: { start: index, end: index + 1 }, text: '\r\n' })),
    normalize: (text) => text.replace(/\r?\n/g, '\r\n'),
  },
  {
    name: 'with lower-case keywords',
    apply: lowerKeywords,
    normalize: (text) => applyEdits(text, lowerKeywords(text)),
  },
  { name: 'with a comment before', apply: (text) => insertAt(firstInstruction(text), '# a comment\n') },
  { name: 'with an earlier stage', apply: earlierStage },
  { name: 'inside ONBUILD', apply: insideOnbuild },
];

/** The text after a rewrite, marks moved with it. Undefined where the rewrite does not apply. */
export function rewritten({ text, spans }: Marked, rewrite: Rewrite): Marked | undefined {
  const edits = rewrite.apply(text);
  if (!edits) return undefined;
  const move = (offset: number, isEnd: boolean): number => {
    let moved = offset;
    for (const { span, text: added } of edits) {
      if (span.end < offset || (span.end === offset && !(isEnd && span.start === span.end))) {
        moved += added.length - (span.end - span.start);
      }
    }
    return moved;
  };
  return {
    text: applyPlain(text, edits),
    spans: spans.map(({ start, end }) => ({ start: move(start, false), end: move(end, end > start) })),
  };
}

function lowerKeywords(text: string): { span: Span; text: string }[] {
  const keywordsOf = (instruction: Instruction): Span[] => {
    if (instruction.keyword === 'FROM' && instruction.as) return [instruction.keywordSpan, instruction.as];
    const inner = instruction.keyword === 'ONBUILD' && instruction.instruction;
    return inner ? [instruction.keywordSpan, ...keywordsOf(inner)] : [instruction.keywordSpan];
  };
  return parse({ path: '', text })
    .instructions.flatMap(keywordsOf)
    .map((span) => ({ span, text: text.slice(span.start, span.end).toLowerCase() }));
}

function insertAt(at: number | undefined, text: string): { span: Span; text: string }[] | undefined {
  return at === undefined ? undefined : [{ span: { start: at, end: at }, text }];
}

function firstInstruction(text: string): number | undefined {
  return parse({ path: '', text }).instructions[0]?.span.start;
}

function earlierStage(text: string): { span: Span; text: string }[] | undefined {
  if (/from=["']?\d/.test(text)) return undefined;
  const { items } = parse({ path: '', text });
  const first = items.findIndex((item) => item.kind === 'instruction' && item.keyword === 'FROM');
  // In front of the comments that belong to FROM.
  let index = first;
  while (index > 0 && items[index - 1]?.kind === 'comment') index--;
  if (index > 0 && items[index - 1]?.kind === 'space' && items[index - 2]?.kind === 'comment')
    index = firstComment(items, index);
  return insertAt(items[index]?.span.start, 'FROM scratch AS an-earlier-stage\n');
}

function firstComment(items: readonly { readonly kind: string }[], from: number): number {
  let index = from;
  while (index > 0 && (items[index - 1]?.kind === 'comment' || items[index - 1]?.kind === 'space')) index--;
  return items[index]?.kind === 'space' ? index + 1 : index;
}

/** For a file of one FROM and one RUN. */
function insideOnbuild(text: string): { span: Span; text: string }[] | undefined {
  const { instructions } = parse({ path: '', text });
  const [from, run] = instructions;
  if (instructions.length !== 2 || from?.keyword !== 'FROM' || run?.keyword !== 'RUN') return undefined;
  return insertAt(run.span.start, 'ONBUILD ');
}
