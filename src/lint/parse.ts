import type { Source } from '../report/finding.ts';
import { skipSpace } from './characters.ts';
import { type DirectiveBlock, readDirectives } from './directives.ts';
import { fileProblems, longLines } from './file-problems.ts';
import { readInstruction } from './instruction.ts';
import { lineAt, readLogicalLine } from './lines.ts';
import type { Dockerfile, Instruction, Item, SyntaxProblem } from './syntax.ts';
import { emptyContinuation, instructionProblems } from './syntax-problems.ts';

/**
 * Reads a Dockerfile as BuildKit does, and goes on where BuildKit stops: whatever the text, the items cover it and
 * `problems` says what is wrong. Never throws; takes time in proportion to the text.
 */
export function parse(source: Source): Dockerfile {
  const { text } = source;
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  const head = readDirectives(text, start);
  const { items, instructions, problems } = readItems(text, start, head);
  problems.unshift(...head.problems, ...longLines(text));
  problems.push(...fileProblems(text, head, instructions));
  problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { source, escape: head.escape, directives: head.directives, items, instructions, problems };
}

interface Items {
  readonly items: Item[];
  readonly instructions: Instruction[];
  readonly problems: SyntaxProblem[];
}

function readItems(text: string, start: number, head: DirectiveBlock): Items {
  const items: Item[] = [];
  const instructions: Instruction[] = [];
  const problems: SyntaxProblem[] = [];
  let covered = 0;
  const push = (item: Item) => {
    if (item.span.start > covered) items.push({ kind: 'space', span: { start: covered, end: item.span.start } });
    items.push(item);
    covered = item.span.end;
  };
  const directiveAt = new Map(head.directives.map(({ span }) => [span.start, span]));
  for (let at = start; at < text.length; ) {
    const line = lineAt(text, at);
    const from = skipSpace(text, at, line.end);
    at = line.next;
    const directive = directiveAt.get(from);
    if (directive) {
      push({ kind: 'directive', span: directive });
      at = Math.max(at, directive.end);
    } else if (text[from] === '#' && from < line.end) push({ kind: 'comment', span: { start: from, end: line.end } });
    else if (from < line.end) {
      const logical = readLogicalLine(text, line.start, head.escape);
      const read = readInstruction(text, logical, head.escape);
      push(read.instruction);
      instructions.push(read.instruction);
      problems.push(...read.problems, ...emptyContinuation(logical.blanks));
      problems.push(...instructionProblems(read.instruction, head.escape));
      at = read.next;
    }
  }
  if (covered < text.length) items.push({ kind: 'space', span: { start: covered, end: text.length } });
  return { items, instructions, problems };
}
