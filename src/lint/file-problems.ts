import type { Span } from '../report/finding.ts';
import { trimSpaceEnd } from './characters.ts';
import { closest } from './closest.ts';
import { keywords } from './instruction.ts';
import { lineAt } from './lines.ts';
import { quoted } from './message.ts';
import type { Dockerfile, Instruction, SyntaxProblem } from './syntax.ts';
import { problem } from './syntax-problems.ts';

/** BuildKit's scanner holds lines of at most this many bytes. */
const maxLineBytes = 65_535;

export function longLines(text: string): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  for (let at = 0; at < text.length; ) {
    const lf = text.indexOf('\n', at);
    const start = at;
    at = lf === -1 ? text.length : lf + 1;
    if ((at - start) * 3 <= maxLineBytes) continue;
    const line = lineAt(text, start);
    const bytes = Buffer.byteLength(text.slice(line.start, line.end));
    if (bytes <= maxLineBytes) continue;
    const message = `This line has ${bytes} bytes, and BuildKit reads at most ${maxLineBytes}`;
    problems.push(
      problem('line-too-long', { start: line.start, end: line.end }, message, 'Break it with continuations'),
    );
  }
  return problems;
}

/** What only the whole file shows. */
export function fileProblems(
  text: string,
  { directives, escape: escapeChar }: Pick<Dockerfile, 'directives' | 'escape'>,
  instructions: readonly Instruction[],
): SyntaxProblem[] {
  // Another notation of `syntax` than # names a frontend for another language.
  if (directives.some(({ name, span }) => name === 'syntax' && text[span.start] !== '#')) return [];
  if (instructions.length === 0) {
    const span = { start: 0, end: 0 };
    return [problem('no-instructions', span, 'This file holds no instructions', 'Begin with FROM and an image')];
  }
  return [...fromlessProblems(text, instructions), ...unknownProblems(text, instructions, escapeChar)];
}

function fromlessProblems(text: string, instructions: readonly Instruction[]): SyntaxProblem[] {
  if (instructions.some((each) => isMeantAsFrom(text, each))) return [];
  const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const before = first === -1 ? instructions : instructions.slice(0, first);
  const stray = before.find(({ keyword }) => keyword !== 'ARG' && keyword !== 'UNKNOWN');
  if (first === -1) {
    const at = stray ?? (instructions[0] as Instruction);
    return [
      problem('no-from', at.keywordSpan, 'This file has no FROM', 'Begin with FROM and an image, or FROM scratch'),
    ];
  }
  if (!stray) return [];
  const message = `${stray.keyword} stands before the first FROM`;
  return [problem('no-from', stray.keywordSpan, message, 'Move it behind FROM: only ARG may stand before it')];
}

/** That it is misspelt says it all. */
function isMeantAsFrom(text: string, { keyword, keywordSpan }: Instruction): boolean {
  return keyword === 'UNKNOWN' && closest(text.slice(keywordSpan.start, keywordSpan.end), keywords) === 'FROM';
}

/** Several unknown ones in a row are mostly the rest of one broken instruction, so the first speaks for them. */
function unknownProblems(
  text: string,
  instructions: readonly Instruction[],
  escapeChar: Dockerfile['escape'],
): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  let follows = false;
  for (const outer of instructions) {
    const instruction = outer.keyword === 'ONBUILD' ? (outer.instruction ?? outer) : outer;
    const isUnknown = instruction.keyword === 'UNKNOWN';
    if (isUnknown) {
      const meant = closest(text.slice(instruction.keywordSpan.start, instruction.keywordSpan.end), keywords);
      if (meant || !follows) problems.push(unknownProblem(text, instruction.keywordSpan, escapeChar, meant));
    }
    follows = isUnknown;
  }
  return problems;
}

function unknownProblem(text: string, span: Span, escapeChar: Dockerfile['escape'], meant?: string): SyntaxProblem {
  const word = text.slice(span.start, span.end);
  const message =
    word === '' ? 'A line continuation stands here without an instruction' : `There is no instruction ${quoted(word)}`;
  const hidden = hiddenCharacter.exec(word)?.[0];
  if (hidden !== undefined) return hiddenProblem(span, word, hidden);
  return problem(
    'unknown-instruction',
    span,
    message,
    meant ? `Did you mean ${meant}?` : strayLineHelp(text, span, escapeChar),
  );
}

/** Blanks that no builder takes for one, and marks without a width: they come with text from web pages and chats. */
const hiddenCharacter = /[\p{Zs}\p{Cf}]/u;

function hiddenProblem(span: Span, word: string, hidden: string): SyntaxProblem {
  const code = `U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const isBlank = /\p{Zs}/u.test(hidden);
  const shown = quoted(word.replaceAll(hidden, isBlank ? ' ' : ''));
  return problem(
    'unknown-instruction',
    span,
    `There is no instruction ${shown}: ${isBlank ? 'the blank in it is not a space' : 'a character in it does not show'} (${code})`,
    isBlank ? 'Type a space in its place' : 'Type the word anew',
  );
}

function strayLineHelp(text: string, { start }: Span, escapeChar: Dockerfile['escape']): string {
  const other = escapeChar === '`' ? '\\' : '`';
  const above = trimSpaceEnd(text, 0, text.lastIndexOf('\n', start - 1) + 1);
  if (text[above - 1] === other) {
    return `The line above ends with ${other}, which continues it only under the directive # escape=${other}`;
  }
  return `To continue the instruction above, end its line with ${escapeChar}; to comment, begin with #`;
}
