import type { Span } from '../report/finding.ts';
import { isSpace, skipBlanks, skipSpace, skipToBlank } from './characters.ts';
import { foldedSlice, foldedSpan } from './fold.ts';
import { readJsonForm } from './json-form.ts';
import { quoted } from './message.ts';
import type {
  Base,
  Copy,
  Dockerfile,
  Folded,
  From,
  Heredoc,
  Instruction,
  Keyword,
  Pair,
  Pairs,
  Plain,
  Run,
  SyntaxProblem,
  Word,
} from './syntax.ts';
import { type Range, splitBlanks, splitQuoted, wordOf } from './words.ts';

/** What the readers of the single keywords share. */
export interface Context {
  readonly folded: Folded;
  readonly escapeChar: Dockerfile['escape'];
  /** The whole instruction, without white space around it. */
  readonly whole: Range;
  readonly heredocs: readonly Heredoc[];
  readonly problems: SyntaxProblem[];
}

export type Own<T> = Omit<T, keyof Base<never>>;

export function readArguments(keyword: Exclude<Keyword, 'ONBUILD'>, context: Context, args: Range): Own<Instruction> {
  switch (keyword) {
    case 'FROM':
      return readFrom(context, args);
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      return readRun(context, args);
    case 'HEALTHCHECK':
      return readHealthcheck(context, args);
    case 'COPY':
    case 'ADD':
      return readCopy(context, args);
    case 'ENV':
    case 'LABEL':
      return readPairs(context, args);
    case 'ARG':
      return readArgs(context, args);
    case 'EXPOSE':
    case 'UNKNOWN':
      return readList(context, args);
    case 'VOLUME':
      return readVolume(context, args);
    default:
      return readRest(context, args);
  }
}

function readFrom({ folded, escapeChar, problems }: Context, args: Range): Own<From> {
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

function readJsonWords({ folded, problems }: Context, args: Range): Word[] | undefined {
  const form = readJsonForm(folded.text, args.start, args.end);
  if (!form) return undefined;
  if (form.culprit) {
    const span = foldedSpan(folded, form.culprit.start, form.culprit.end);
    const message = 'Every element of the JSON array must be a string';
    problems.push({ code: 'invalid-argument', span, message, help: 'Put it in double quotes' });
  }
  return form.elements.map(({ start, end, text }) => ({ span: foldedSpan(folded, start, end), raw: text, text }));
}

function readRun(context: Context, args: Range): Own<Run> {
  const { folded, heredocs } = context;
  const words = readJsonWords(context, args);
  if (words) return { form: 'exec', words, heredocs };
  const script = args.start < args.end && foldedSlice(folded, args.start, args.end);
  return { form: 'shell', words: [], heredocs, ...(script && { script }) };
}

function readHealthcheck(context: Context, args: Range): Own<Run> {
  const { folded, escapeChar } = context;
  let end = args.start;
  while (end < args.end && !isSpace(folded.text.charCodeAt(end))) end++;
  if (end === args.start) return { form: 'shell', words: [], heredocs: [] };
  const type = wordOf(folded, { start: args.start, end }, escapeChar);
  const rest = { start: skipSpace(folded.text, end, args.end), end: args.end };
  return { type, ...readRun(context, rest) };
}

function readCopy(context: Context, args: Range): Own<Copy> {
  const { folded, escapeChar, heredocs } = context;
  const json = readJsonWords(context, args);
  const words =
    json ?? splitBlanks(folded.text, args.start, args.end).map((range) => wordOf(folded, range, escapeChar));
  const form = json ? 'exec' : 'shell';
  if (words.length < 2) return { form, sources: words, heredocs };
  return { form, sources: words.slice(0, -1), target: words.at(-1) as Word, heredocs };
}

/** ENV and LABEL. The first word decides: with a `=` in it all words are pairs, without it the rest is its value. */
function readPairs({ folded, escapeChar }: Context, args: Range): Own<Pairs> {
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

function readArgs({ folded, escapeChar }: Context, args: Range): Own<Pairs> {
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

function readVolume(context: Context, args: Range): Own<Plain> {
  const words = readJsonWords(context, args);
  return words ? { form: 'exec', words } : readList(context, args);
}

function readList({ folded, escapeChar }: Context, args: Range): Own<Plain> {
  const ranges = splitBlanks(folded.text, args.start, args.end);
  return { form: 'shell', words: ranges.map((range) => wordOf(folded, range, escapeChar)) };
}

/** USER, WORKDIR, STOPSIGNAL and MAINTAINER have one word, the rest of the line. */
function readRest({ folded, escapeChar }: Context, args: Range): Own<Plain> {
  return { form: 'shell', words: args.start === args.end ? [] : [wordOf(folded, args, escapeChar)] };
}
