import type { Span } from '../report/finding.ts';
import { isSpace, skipBlanks, skipSpace, skipToBlank, trimSpaceEnd } from './characters.ts';
import { foldedSlice, foldedSpan } from './fold.ts';
import { readHeredocs } from './heredoc.ts';
import { readJsonForm } from './json-form.ts';
import type { LogicalLine } from './lines.ts';
import type {
  Base,
  Copy,
  Dockerfile,
  Folded,
  From,
  Heredoc,
  Instruction,
  Keyword,
  Onbuild,
  Pair,
  Pairs,
  Plain,
  Run,
  SyntaxProblem,
  Word,
} from './syntax.ts';
import { type Range, readFlags, splitBlanks, splitQuoted, wordOf } from './words.ts';

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

export interface ReadInstruction {
  readonly instruction: Instruction;
  /** Where the line after it begins, heredocs included. */
  readonly next: number;
  /** Only those that the tree itself cannot show. */
  readonly problems: readonly SyntaxProblem[];
}

/** What the readers of the single keywords share. */
interface Context {
  readonly folded: Folded;
  readonly escapeChar: Dockerfile['escape'];
  /** The arguments, without flags and without white space around them. */
  readonly args: Range;
  readonly heredocs: readonly Heredoc[];
  readonly problems: SyntaxProblem[];
}

/** Builds the instruction of a logical line and reads the heredocs after it. */
export function readInstruction(text: string, line: LogicalLine, escapeChar: Dockerfile['escape']): ReadInstruction {
  const { folded } = line;
  const whole = { start: 0, end: trimSpaceEnd(folded.text, 0, folded.text.length) };
  const { heredocs, next } = takesHeredocs(folded, whole)
    ? readHeredocs(text, folded, line.next)
    : { heredocs: [], next: line.next };
  const problems: SyntaxProblem[] = [];
  const span = { start: line.span.start, end: endOf(text, line, heredocs) };
  const shared = { span, comments: line.comments, blanks: line.blanks };
  const instruction = build({ folded, escapeChar, args: whole, heredocs, problems }, shared, 0);
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
  const upper = /^[a-z]{1,11}$/i.test(spelling) ? spelling.toUpperCase() : '';
  const keyword = known.has(upper) ? (upper as Keyword) : 'UNKNOWN';
  const { flags, end: from } = readFlags(folded, skipBlanks(text, word.end, end), end);
  return { keyword, word, flags, args: { start: skipSpace(text, from, end), end } };
}

type Shared = Pick<Base<Keyword>, 'span' | 'comments' | 'blanks'>;

function build(context: Context, shared: Shared, depth: number): Instruction {
  const { keyword, word, flags, args } = split(context.folded, context.args);
  const base = {
    kind: 'instruction',
    keywordSpan: foldedSpan(context.folded, word.start, word.end),
    ...shared,
    flags,
  } as const;
  const inner = { ...context, args };
  switch (keyword) {
    case 'FROM':
      return { ...base, keyword, ...readFrom(inner) };
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return { ...base, keyword, ...readRun(inner) };
    case 'HEALTHCHECK':
      return { ...base, keyword, ...readHealthcheck(inner) };
    case 'COPY':
    case 'ADD':
      return { ...base, keyword, ...readCopy(inner) };
    case 'ENV':
    case 'LABEL':
      return { ...base, keyword, ...readPairs(inner) };
    case 'ARG':
      return { ...base, keyword, ...readArguments(inner) };
    case 'ONBUILD':
      return { ...base, keyword, ...readOnbuild(inner, shared, depth) };
    case 'EXPOSE':
    case 'VOLUME':
      return { ...base, keyword, ...readList(inner, keyword === 'VOLUME') };
    default:
      return { ...base, keyword, ...readRest(inner, keyword) };
  }
}

type Own<T> = Omit<T, keyof Base<never>>;

function readFrom({ folded, escapeChar, args, problems }: Context): Own<From> {
  const words = splitBlanks(folded.text, args.start, args.end).map((range) => wordOf(folded, range, escapeChar));
  const [image, as, name, extra] = words;
  if (!image) return {};
  if (!as) return { image };
  if (as.raw.toUpperCase() !== 'AS') {
    problems.push(strayFromWords(as, words.at(-1) as Word));
    return { image };
  }
  if (extra) problems.push(strayFromWords(extra, words.at(-1) as Word));
  return { image, as: as.span, ...(name && { name }) };
}

function strayFromWords(first: Word, last: Word): SyntaxProblem {
  const span = { start: first.span.start, end: last.span.end };
  if (first.raw.startsWith('#')) return strayComment(span);
  return {
    code: 'invalid-argument',
    span,
    message: `FROM does not take ${quoted(first.raw)} here`,
    help: 'FROM takes an image, and then at most `AS` and a name for the stage',
  };
}

function strayComment(span: Span): SyntaxProblem {
  return {
    code: 'extra-argument',
    span,
    message: 'A comment cannot stand behind an instruction',
    help: 'Put the comment on a line of its own',
  };
}

/** Quotes a piece of the file in a message; never more of it than fits one. */
export function quoted(text: string): string {
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}

function readJsonWords({ folded, args, problems }: Context): Word[] | undefined {
  const form = readJsonForm(folded.text, args.start, args.end);
  if (!form) return undefined;
  if (form.culprit) {
    const span = foldedSpan(folded, form.culprit.start, form.culprit.end);
    const message = 'Every element of the JSON array must be a string';
    problems.push({ code: 'invalid-argument', span, message, help: 'Put it in double quotes' });
  }
  return form.elements.map(({ start, end, text }) => ({ span: foldedSpan(folded, start, end), raw: text, text }));
}

function readRun(context: Context): Own<Run> {
  const { folded, args, heredocs } = context;
  const words = readJsonWords(context);
  if (words) return { form: 'exec', words, heredocs };
  const script = args.start < args.end && foldedSlice(folded, args.start, args.end);
  return { form: 'shell', words: [], heredocs, ...(script && { script }) };
}

function readHealthcheck(context: Context): Own<Run> {
  const { folded, escapeChar, args } = context;
  let end = args.start;
  while (end < args.end && !isSpace(folded.text.charCodeAt(end))) end++;
  if (end === args.start) return { form: 'shell', words: [], heredocs: [] };
  const type = wordOf(folded, { start: args.start, end }, escapeChar);
  const rest = { start: skipSpace(folded.text, end, args.end), end: args.end };
  return { type, ...readRun({ ...context, args: rest }) };
}

function readCopy(context: Context): Own<Copy> {
  const { folded, escapeChar, args, heredocs } = context;
  const json = readJsonWords(context);
  const words =
    json ?? splitBlanks(folded.text, args.start, args.end).map((range) => wordOf(folded, range, escapeChar));
  const form = json ? 'exec' : 'shell';
  if (words.length < 2) return { form, sources: words, heredocs };
  return { form, sources: words.slice(0, -1), target: words.at(-1) as Word, heredocs };
}

/** ENV and LABEL. The first word decides: with a `=` in it all words are pairs, without it the rest is its value. */
function readPairs({ folded, escapeChar, args }: Context): Own<Pairs> {
  const { text } = folded;
  const words = splitQuoted(text, args.start, args.end, escapeChar);
  const [first] = words;
  if (!first) return { equals: true, pairs: [] };
  if (text.slice(first.start, first.end).includes('=')) {
    return { equals: true, pairs: words.map((range) => readPair(folded, range, escapeChar)) };
  }
  const end = skipToBlank(text, args.start, args.end);
  const start = skipBlanks(text, end, args.end);
  const span = foldedSpan(folded, args.start, args.end);
  const key = wordOf(folded, { start: args.start, end }, escapeChar);
  const value = start < args.end && wordOf(folded, { start, end: args.end }, escapeChar);
  return { equals: false, pairs: [{ span, key, ...(value && { value }) }] };
}

function readArguments({ folded, escapeChar, args }: Context): Own<Pairs> {
  const words = splitQuoted(folded.text, args.start, args.end, escapeChar);
  return { equals: true, pairs: words.map((range) => readPair(folded, range, escapeChar)) };
}

function readPair(folded: Folded, { start, end }: Range, escapeChar: Dockerfile['escape']): Pair {
  const span = foldedSpan(folded, start, end);
  const found = folded.text.slice(start, end).indexOf('=');
  if (found === -1) return { span, key: wordOf(folded, { start, end }, escapeChar) };
  const equals = start + found;
  return {
    span,
    key: wordOf(folded, { start, end: equals }, escapeChar),
    value: wordOf(folded, { start: equals + 1, end }, escapeChar),
  };
}

/** ONBUILD within ONBUILD is refused, so the tree ends at the second. */
function readOnbuild(context: Context, shared: Shared, depth: number): Own<Onbuild> {
  const { folded, args } = context;
  if (args.start === args.end || depth > 0) return {};
  const span = { start: foldedSpan(folded, args.start, args.end).start, end: shared.span.end };
  return { instruction: build(context, { ...shared, span }, depth + 1) };
}

function readList(context: Context, json: boolean): Own<Plain> {
  const { folded, escapeChar, args } = context;
  const words = json && readJsonWords(context);
  if (words) return { form: 'exec', words };
  return {
    form: 'shell',
    words: splitBlanks(folded.text, args.start, args.end).map((range) => wordOf(folded, range, escapeChar)),
  };
}

/** USER, WORKDIR, STOPSIGNAL and MAINTAINER have one word, the rest of the line; nothing is known of the others. */
function readRest({ folded, escapeChar, args }: Context, keyword: Keyword): Own<Plain> {
  if (args.start === args.end) return { form: 'shell', words: [] };
  const ranges = keyword === 'UNKNOWN' ? splitBlanks(folded.text, args.start, args.end) : [args];
  return { form: 'shell', words: ranges.map((range) => wordOf(folded, range, escapeChar)) };
}
