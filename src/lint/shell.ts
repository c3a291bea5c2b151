import type { Script as ShellTree } from 'unbash';
import type { Source } from '../report/finding.ts';
import { mayHaveBashisms, type ParsedScript } from './shell/bashisms.ts';
import { type Command, type HandedScript, isStatic, type ShellProblem, type ShellWord } from './shell/command.ts';
import { applySet, type Dialect, dialectOf, type Shell, type ShellOptions, shebang, shellOf } from './shell/dialect.ts';
import { gather, plain, unescapeJson } from './shell/quotes.ts';
import { CommandReader } from './shell/reader.ts';
import { readWindowsCommands } from './shell/windows.ts';
import type { Folded, Heredoc, Run } from './syntax.ts';

export type * from './shell/command.ts';
export { type Dialect, defaultShell, programName, type Shell, shellOf } from './shell/dialect.ts';
export { isStatic };

/** What one RUN, CMD, ENTRYPOINT or HEALTHCHECK executes. */
export interface Script {
  /** The language of what runs. Only `sh` and `bash` are read into commands; `exec` is an exec form. */
  readonly dialect: Dialect | 'exec';
  readonly commands: readonly Command[];
  /** Where the shell's grammar is broken. */
  readonly problems: readonly ShellProblem[];
  /** The text that the shell gets, for a shell form. */
  readonly text?: Folded;
  /** What `text` was parsed into, where `bashisms` may want it: trees take more memory than all that is read from them. */
  readonly tree?: ParsedScript;
  /** The plain command lines of PowerShell and cmd. */
  readonly windows: readonly Command[];
  /** Scripts that it hands to other shells: `sh -c '…'`. */
  readonly handed: readonly HandedScript[];
}

/** Scripts longer than this (UTF-16 units) are not read: 64 KiB is a line's bound in BuildKit, a heredoc may be longer. */
const maxScript = 1_000_000;

/** Reads what an instruction executes, given the shell in force. */
export function readScript(run: Run, source: Source, shell: Shell): Script {
  if (run.form === 'exec') return readExec(run, source);
  const script = run.script ?? plain('', run.span.end);
  const [heredoc] = run.heredocs;
  if (heredoc && isBodyAlone(run)) return readHeredoc(heredoc, source, shell);
  const reader = new CommandReader();
  if (!isReadable(shell.dialect) || script.text.length > maxScript) {
    return { ...noContents, dialect: shell.dialect, windows: windowsCommands(script, shell.dialect), text: script };
  }
  const tree = reader.read(script, shell);
  for (const body of shellInputs(reader.commands, run.heredocs)) {
    reader.read(bodyText(body.heredoc, source.text), body.options);
  }
  return { ...contents(reader), dialect: shell.dialect, text: script, ...kept(tree, script) };
}

type Contents = Pick<Script, 'commands' | 'problems' | 'handed' | 'windows'>;

const noContents: Contents = { commands: [], problems: [], handed: [], windows: [] };

function contents({ commands, problems, scripts }: CommandReader): Contents {
  return { commands, problems, handed: scripts, windows: [] };
}

function windowsCommands(script: Folded, dialect: Dialect): readonly Command[] {
  const isWindows = dialect === 'powershell' || dialect === 'cmd';
  return isWindows && script.text.length <= maxScript ? readWindowsCommands(script, dialect) : [];
}

function kept(tree: ShellTree, { text }: Folded): Pick<Script, 'tree'> {
  return mayHaveBashisms(text) ? { tree } : {};
}

/** `RUN <<EOF` and nothing else on the line: then the body is the script. */
export function isBodyAlone({ heredocs, script }: Run): boolean {
  return heredocs.length === 1 && /^\d*<<-?\s*\S+$/.test((script?.text ?? '').trim());
}

function isReadable(dialect: Dialect): boolean {
  return dialect === 'sh' || dialect === 'bash';
}

/** `RUN <<EOF`: the body is the script, run by what its `#!` names or else by the shell. */
function readHeredoc(heredoc: Heredoc, source: Source, shell: Shell): Script {
  const text = bodyText(heredoc, source.text);
  const interpreter = shell.dialect === 'cmd' || shell.dialect === 'powershell' ? undefined : shebang(text.text);
  const runs = interpreter ? { ...shellOf(interpreter, true) } : shell;
  if (!isReadable(runs.dialect) || text.text.length > maxScript) {
    return { ...noContents, dialect: runs.dialect, windows: windowsCommands(text, runs.dialect), text };
  }
  const reader = new CommandReader();
  const tree = reader.read(text, runs);
  return { ...contents(reader), dialect: runs.dialect, text, ...kept(tree, text) };
}

/** A heredoc's body as the shell reads it: tabs of `<<-` removed, line ends as LF. */
export function bodyText({ body, chomp }: Heredoc, source: string): Folded {
  const raw = source.slice(body.start, body.end);
  if (!chomp && !raw.includes('\r')) return plain(raw, body.start);
  const ranges: [number, number][] = [];
  const dropped = chomp ? /^\t+|\r(?=\n|$)/gm : /\r(?=\n|$)/g;
  let from = 0;
  for (const match of raw.matchAll(dropped)) {
    ranges.push([from, match.index]);
    from = match.index + match[0].length;
  }
  ranges.push([from, raw.length]);
  return gather(plain(raw, body.start), ranges);
}

/** `RUN bash -ex <<EOF`, `RUN cat <<EOF | bash`: a shell without a script of its own reads the body as its script. */
export function shellInputs(
  commands: readonly Command[],
  heredocs: readonly Heredoc[],
): readonly { heredoc: Heredoc; program: string; options: ShellOptions }[] {
  if (heredocs.length === 0) return [];
  return commands.flatMap((command, i) => {
    const dialect = dialectOf(command.name);
    const texts = command.words.slice(1).map((word) => word.text);
    if ((dialect !== 'sh' && dialect !== 'bash') || !readsInput(texts)) return [];
    const source = command.before === '|' ? commands[i - 1] : command;
    if (!source || (source !== command && (source.name !== 'cat' || source.words.length > 1))) return [];
    const heredoc = heredocs.find(({ span }) => span.start >= source.span.start && span.end <= source.span.end);
    if (heredoc?.fd !== 0) return [];
    const options: ShellOptions = { errexit: false, pipefail: false };
    applySet(texts, options);
    return [{ heredoc, program: command.name, options }];
  });
}

/** Options alone; behind `-s` stand the arguments of the script. */
function readsInput(words: readonly string[]): boolean {
  const s = words.findIndex((word) => /^-[a-z]*s$/.test(word));
  return words
    .slice(0, s < 0 ? words.length : s)
    .every((word, i) => (/^[-+]/.test(word) && !/^-\w*c/.test(word)) || /^[-+]\w*o$/.test(words[i - 1] ?? ''));
}

/** Exec form: no shell, one command; `["sh", "-c", "…"]` is read into its script. */
function readExec({ words, keyword }: Run, source: Source): Script {
  if (keyword === 'SHELL') return { ...noContents, dialect: 'exec' };
  return { ...contents(readLine(words, source)), dialect: 'exec' };
}

/** The script of CMD ["…"] that ENTRYPOINT ["sh", "-c"] runs; undefined where it has one of its own. */
export function handedByStart(entrypoint: Run, { words, span }: Run, source: Source): HandedScript | undefined {
  const [script] = readLine([...entrypoint.words, ...words], source).scripts;
  const start = script?.text.segments[0]?.offset ?? -1;
  return start >= span.start && start < span.end ? script : undefined;
}

function readLine(words: Run['words'], source: Source): CommandReader {
  const reader = new CommandReader();
  const [first] = words;
  if (!first) return reader;
  reader.addLine({
    span: { start: first.span.start, end: (words.at(-1) ?? first).span.end },
    words: words.map((word): ShellWord => ({ ...word, expansions: [] })),
    assignments: [],
    redirects: [],
    exec: true,
    source: { texts: words.map((word) => unescapeJson(source.text, word.span, word.text)) },
  });
  return reader;
}
