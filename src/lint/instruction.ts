import { type Context, type Own, readArguments } from './arguments.ts';
import { skipBlanks, skipSpace, skipToBlank, trimSpaceEnd } from './characters.ts';
import { closest, isOneEditFrom } from './closest.ts';
import { foldedSpan } from './fold.ts';
import { readHeredocs } from './heredoc.ts';
import { readJsonForm } from './json-form.ts';
import type { LogicalLine } from './lines.ts';
import { quoted } from './message.ts';
import type { Base, Dockerfile, Folded, Heredoc, Instruction, Keyword, Onbuild, SyntaxProblem } from './syntax.ts';
import { type Range, readFlags } from './words.ts';

/** Every keyword of the Dockerfile reference. */
export const keywords: readonly Exclude<Keyword, 'UNKNOWN'>[] = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];

const known: ReadonlySet<string> = new Set(keywords);
/** Near a keyword, and more often the rest of a broken line. */
const words: ReadonlySet<string> = new Set(['AND', 'ARE', 'END', 'RAN', 'USE', 'USED', 'USES']);

export interface ReadInstruction {
  readonly instruction: Instruction;
  /** Where the line after it begins, heredocs included. */
  readonly next: number;
  /** Only those that the tree itself cannot show. */
  readonly problems: readonly SyntaxProblem[];
}

/** Builds the instruction of a logical line and reads the heredocs after it. */
export function readInstruction(text: string, line: LogicalLine, escapeChar: Dockerfile['escape']): ReadInstruction {
  const { folded } = line;
  const end = trimSpaceEnd(folded.text, 0, folded.text.length);
  const whole = { start: skipSpace(folded.text, 0, end), end };
  const none = { heredocs: [], next: line.next };
  const { heredocs, next } = takesHeredocs(folded, whole) ? readHeredocs(text, folded, line.next) : none;
  const problems: SyntaxProblem[] = [];
  const span = { start: line.span.start, end: endOf(text, line, heredocs) };
  const shared = { span, comments: line.comments, blanks: line.blanks };
  const instruction = build({ folded, escapeChar, whole, heredocs, problems }, shared, false);
  return { instruction, next, problems };
}

function endOf(text: string, line: LogicalLine, heredocs: readonly Heredoc[]): number {
  const last = heredocs.at(-1);
  if (!last) return line.span.end;
  return last.terminator?.end ?? trimSpaceEnd(text, line.span.end, last.body.end);
}

/** RUN, COPY and ADD, also behind one ONBUILD; not in the exec form. */
function takesHeredocs(folded: Folded, { start, end }: Range): boolean {
  const { text } = folded;
  if (!text.includes('<<')) return false;
  let { keyword, args } = split(folded, { start, end });
  if (keyword === 'ONBUILD') ({ keyword, args } = split(folded, args));
  if (keyword !== 'RUN' && keyword !== 'COPY' && keyword !== 'ADD') return false;
  return readJsonForm(text, args.start, args.end) === undefined;
}

function split(folded: Folded, { start, end }: Range) {
  const { text } = folded;
  const word = { start, end: skipToBlank(text, start, end) };
  const spelling = text.slice(word.start, word.end);
  const keyword = known.has(spelling) ? (spelling as Keyword) : keywordOf(spelling);
  const { flags, end: from } = readFlags(folded, skipBlanks(text, word.end, end), end);
  return { keyword, word, flags, args: { start: skipSpace(text, from, end), end } };
}

/** Of a spelling that is not in capitals. ASCII alone: `ı` is no spelling of I, though that is its capital. */
function keywordOf(spelling: string): Keyword {
  const upper = /^[a-z]{1,11}$/i.test(spelling) ? spelling.toUpperCase() : '';
  return known.has(upper) ? (upper as Keyword) : (misspelt(spelling) ?? 'UNKNOWN');
}

/**
 * The keyword that a word in capitals is one slip of the finger away from. The tree has the instruction as what was
 * meant: otherwise everything that builds upon it would be wrong, too.
 */
function misspelt(spelling: string): Keyword | undefined {
  if (!/^[A-Z]{3,12}$/.test(spelling) || words.has(spelling)) return undefined;
  const meant = closest(spelling, keywords) as Keyword | undefined;
  return meant && isOneEditFrom(spelling, meant) ? meant : undefined;
}

type Shared = Pick<Base<Keyword>, 'span' | 'comments' | 'blanks'>;

function build(context: Context, { span, comments, blanks }: Shared, isTrigger: boolean): Instruction {
  const { keyword, word, flags, args } = split(context.folded, context.whole);
  const keywordSpan = foldedSpan(context.folded, word.start, word.end);
  const spelling = context.folded.text.slice(word.start, word.end);
  if (keyword !== 'UNKNOWN' && keyword !== spelling && keyword !== spelling.toUpperCase()) {
    context.problems.push({
      code: 'unknown-instruction',
      span: keywordSpan,
      message: `There is no instruction ${quoted(spelling)}`,
      help: `Did you mean ${keyword}?`,
      meant: keyword,
    });
  }
  const own =
    keyword === 'ONBUILD'
      ? readOnbuild(context, args, { span, comments, blanks }, isTrigger)
      : readArguments(keyword, context, args);
  // The named fields before the spread: V8 copies the other order ten times slower. `readArguments` fits the keyword.
  return { kind: 'instruction', keyword, keywordSpan, span, flags, comments, blanks, ...own } as Instruction;
}

/** ONBUILD within ONBUILD is refused, so the tree ends at the second. */
function readOnbuild(context: Context, args: Range, shared: Shared, isTrigger: boolean): Own<Onbuild> {
  if (args.start === args.end || isTrigger) return {};
  const start = foldedSpan(context.folded, args.start, args.end).start;
  const span = { start, end: shared.span.end };
  return { instruction: build({ ...context, whole: args }, { ...shared, span }, true) };
}
