import type { Span } from '../../report/finding.ts';
import type { Folded } from '../syntax.ts';
import type { Assignment, Command, HandedScript, Nesting, Redirect, ShellWord, Wrapper } from './command.ts';
import { applySet, dialectOf, programName, type ShellOptions } from './dialect.ts';
import { unquote } from './quotes.ts';
import { isWrapper, wrappersOf } from './wrappers.ts';

/** A command line before it is known what its wrappers are. */
export interface Line {
  readonly span: Span;
  readonly words: readonly ShellWord[];
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  readonly exec: boolean;
  /** Where the words come from, for scripts inside them. */
  readonly source: LineSource;
}

/** Either ranges of a script, which are unquoted when they are needed, or texts already decoded. */
export type LineSource =
  | { readonly text: Folded; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly texts: readonly Folded[] };

type Own = Pick<Command, 'name' | 'words' | 'wrappers' | 'assignments'>;

const noWrappers: readonly Wrapper[] = [];

/** The command behind the wrappers of a line. */
export function behindWrappers(line: Line): Own {
  const name = programName(line.words[0]?.text ?? '');
  // The way of nearly every command.
  if (!isWrapper(name)) return { name, words: line.words, wrappers: noWrappers, assignments: line.assignments };
  const found = wrappersOf(line.words.map((word) => word.text));
  const wrappers: Wrapper[] = found.map(({ name: wrapper, start: from, end }) => {
    const words = line.words.slice(from, end);
    return { name: wrapper, words, span: { start: words[0]?.span.start ?? 0, end: words.at(-1)?.span.end ?? 0 } };
  });
  const words = line.words.slice(found.at(-1)?.end ?? 0);
  const assignments = [...line.assignments, ...wrappers.flatMap(wrapperAssignments)];
  return { name: programName(words[0]?.text ?? ''), words, wrappers, assignments };
}

function wrapperAssignments({ words }: Wrapper): Assignment[] {
  return words.slice(1).flatMap((word) => {
    const name = /^[A-Za-z_]\w*(?==)/.exec(word.text)?.[0];
    if (name === undefined) return [];
    const start = word.span.start + name.length + 1;
    const raw = word.raw.slice(name.length + 1);
    const value = { ...word, span: { start, end: word.span.end }, raw, text: word.text.slice(name.length + 1) };
    return [{ span: word.span, name, value }];
  });
}

/** A script, or a further command, that a command gets in its arguments. */
export type Inner = { readonly nesting: Nesting; readonly options: ShellOptions } & (
  | {
      readonly kind: 'script';
      readonly text: Folded;
      readonly handed?: HandedScript;
      /** The shell outside has carried out the substitutions in it. */
      readonly isFilled: boolean;
    }
  | { readonly kind: 'line'; readonly line: Line }
);

/** Programs that give what their option -c says to a shell. */
const scriptOption = /^(su|runuser|flock|script)$/;

/** `sh -c SCRIPT`, `eval WORDS`, `su -c SCRIPT`, `find … -exec WORDS ;`. */
export function innerScripts(line: Line, command: Command, options: ShellOptions): readonly Inner[] {
  const first = line.words.length - command.words.length;
  const { words, name } = command;
  if (words.length < 2) return [];
  if (name === 'find') return findCommands(line, first);
  if (name === 'eval') {
    const isFilled = words.some(hasSubstitution);
    return [
      { kind: 'script', nesting: 'script', options, text: wordsText(line, first + 1, line.words.length), isFilled },
    ];
  }
  const dialect = dialectOf(name);
  const fresh: ShellOptions = { errexit: false, pipefail: false };
  const texts = words.map((word) => word.text);
  const isShell = dialect === 'sh' || dialect === 'bash';
  const script = isShell ? shellScript(texts) : scriptOption.test(name) ? suScript(texts) : undefined;
  const word = words[script ?? words.length];
  if (script === undefined || !word) return [];
  if (isShell) applySet(texts.slice(1, script), fresh);
  const text = wordText(line, first + script);
  const inner = { kind: 'script', nesting: 'script', options: fresh, text, isFilled: hasSubstitution(word) } as const;
  // With an expansion in it, what the shell gets is not what is written.
  if (!isShell || word.expansions.length > 0 || /\$['"]/.test(word.raw)) return [inner];
  return [{ ...inner, handed: { text, program: name, errexit: fresh.errexit, quoting: quotingOf(word, line) } }];
}

function hasSubstitution({ expansions }: ShellWord): boolean {
  return expansions.some(({ kind }) => kind === 'command' || kind === 'process');
}

function quotingOf({ raw, text }: ShellWord, { exec }: Line): HandedScript['quoting'] {
  if (exec) return 'json';
  return raw === `'${text}'` ? 'single' : 'other';
}

/** Index of SCRIPT in `bash -o pipefail -ec SCRIPT`; undefined when the shell reads a file or standard input. */
function shellScript(words: readonly string[]): number | undefined {
  let isString = false;
  let index = 1;
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--rcfile' || word === '--init-file') index++;
    else if (/^[-+][A-Za-z]+$/.test(word)) {
      if (word.startsWith('-') && word.includes('c')) isString = true;
      if (/[oO]/.test(word)) index++;
    } else if (!word.startsWith('--') || word === '--') break;
  }
  if (words[index] === '--') index++;
  return isString && index < words.length ? index : undefined;
}

function suScript(words: readonly string[]): number | undefined {
  const index = words.findIndex((word) => word === '-c' || word === '--command' || /^-[lmpqef]+c$/.test(word));
  return index > 0 && index + 1 < words.length ? index + 1 : undefined;
}

function wordText(line: Line, index: number): Folded {
  if ('texts' in line.source)
    return line.source.texts[index] ?? { text: '', segments: [{ at: 0, offset: line.span.start }] };
  const [start, end] = line.source.ranges[index] ?? [0, 0];
  return unquote(line.source.text, start, end);
}

/** The words as `eval` sees them: unquoted and joined by what stands between them. */
function wordsText(line: Line, from: number, to: number): Folded {
  if ('texts' in line.source || to - from === 1) return wordText(line, from);
  const { text, ranges } = line.source;
  const start = ranges[from]?.[0] ?? 0;
  const end = ranges[to - 1]?.[1] ?? start;
  return unquote(text, start, end);
}

function findCommands(line: Line, first: number): Inner[] {
  const inner: Inner[] = [];
  for (let i = first + 1; i < line.words.length; i++) {
    if (!/^-(exec|execdir|ok|okdir)$/.test(line.words[i]?.text ?? '')) continue;
    const start = i + 1;
    while (i < line.words.length && !/^(;|\+)$/.test(line.words[i]?.text ?? '')) i++;
    const words = line.words.slice(start, i);
    if (words.length === 0) continue;
    const span = { start: words[0]?.span.start ?? 0, end: words.at(-1)?.span.end ?? 0 };
    const options: ShellOptions = { errexit: false, pipefail: false };
    const source = sliceSource(line.source, start, i);
    inner.push({
      kind: 'line',
      nesting: 'find',
      options,
      line: { ...line, span, words, source, assignments: [], redirects: [] },
    });
  }
  return inner;
}

function sliceSource(source: LineSource, start: number, end: number): LineSource {
  if ('texts' in source) return { texts: source.texts.slice(start, end) };
  return { text: source.text, ranges: source.ranges.slice(start, end) };
}
