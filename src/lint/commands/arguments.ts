import type { Edit, Span } from '../../report/finding.ts';
import type { Command, ShellWord } from '../shell.ts';
import { cover, insertAfter } from '../spans.ts';

/** An option of a command line, e.g. `--target-release=sid`, `-t sid` or the `y` in `-qy`. */
export interface CommandOption {
  /** With its dashes: `--yes`, `-y`. A cluster `-qy` gives two. */
  readonly name: string;
  /** The word that it stands in. */
  readonly word: ShellWord;
  readonly value?: string;
  /** The word that the value stands in: `word` itself for `--name=value`. */
  readonly valueWord?: ShellWord;
}

/** The words of a command, sorted. */
export interface Arguments {
  readonly options: readonly CommandOption[];
  /** What is no option and no option's value. */
  readonly operands: readonly ShellWord[];
}

/** A command of a tool that has subcommands, such as `apt-get install -y curl`. */
export interface Invocation extends Arguments {
  readonly command: Command;
  /** The tool under its usual name: `pip` for `pip3.11` and `python -m pip`. */
  readonly tool: string;
  /** Its main spelling: `install` for `npm i`. Empty when there is none. */
  readonly subcommand: string;
  /** The subcommand as written. */
  readonly subcommandWord?: ShellWord;
  /** From the tool's name to the subcommand: what to underline, and behind which an option fits. */
  readonly head: Span;
}

export interface ToolSyntax {
  /** Options whose value is the next word, anywhere in the line. */
  readonly valued: ReadonlySet<string>;
  /** Other spellings of subcommands. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Options are read as whole words: `-name` is not a cluster (Go's tools). */
  readonly longDash?: boolean;
}

/** Sorts words into options and operands, as getopt_long does: operands may stand anywhere, `--` ends the options. */
export function readArguments(words: readonly ShellWord[], syntax: ToolSyntax): Arguments {
  const options: CommandOption[] = [];
  const operands: ShellWord[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as ShellWord;
    if (word.text === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (word.text.length < 2 || !word.text.startsWith('-')) {
      operands.push(word);
      continue;
    }
    const read = wordOptions(word, syntax);
    const last = read.at(-1);
    const next = words[i + 1];
    if (last && last.value === undefined && syntax.valued.has(last.name) && next) {
      read[read.length - 1] = { ...last, value: next.text, valueWord: next };
      i++;
    }
    options.push(...read);
  }
  return { options, operands };
}

function wordOptions(word: ShellWord, { valued, longDash }: ToolSyntax): CommandOption[] {
  const { text } = word;
  if (text.startsWith('--') || longDash) {
    const equals = text.indexOf('=');
    if (equals < 0) return [{ name: text, word }];
    return [{ name: text.slice(0, equals), word, value: text.slice(equals + 1), valueWord: word }];
  }
  const options: CommandOption[] = [];
  for (let i = 1; i < text.length && i < 100; i++) {
    const name = `-${text[i]}`;
    const rest = text.slice(i + 1);
    if (rest !== '' && (valued.has(name) || rest.startsWith('='))) {
      options.push({ name, word, value: rest.startsWith('=') ? rest.slice(1) : rest, valueWord: word });
      break;
    }
    options.push({ name, word });
  }
  return options;
}

/** Reads `tool [options] subcommand …`; `from` is the index of the first word behind the tool's name. */
export function readInvocation(command: Command, tool: string, from: number, syntax: ToolSyntax): Invocation {
  const { options, operands } = readArguments(command.words.slice(from), syntax);
  const [subcommandWord, ...rest] = operands;
  const written = subcommandWord?.text ?? '';
  const synonyms = syntax.synonyms ?? {};
  const subcommand = Object.hasOwn(synonyms, written) ? (synonyms[written] ?? written) : written;
  const name = command.words[0]?.span ?? command.span;
  const tail = subcommandWord?.span ?? command.words[from - 1]?.span ?? name;
  return {
    command,
    tool,
    subcommand,
    options,
    operands: rest,
    head: cover(name, tail),
    ...(subcommandWord ? { subcommandWord } : {}),
  };
}

/** The first of the named options that is there: `option(install, '-y', '--yes')`. */
export function option(from: Arguments, ...names: readonly string[]): CommandOption | undefined {
  return from.options.find(({ name }) => names.includes(name));
}

/** The word of a command that is `name` or `name=…`, whatever the command: `flag(command, '--no-cache-dir')`. */
export function flag(command: Command, ...names: readonly string[]): ShellWord | undefined {
  return command.words.find(({ text }, i) => {
    if (i === 0 || !text.startsWith('-')) return false;
    const equals = text.indexOf('=');
    return names.includes(equals < 0 ? text : text.slice(0, equals));
  });
}

/** Adds a word behind the subcommand, or behind the tool when there is none; as a JSON string in an exec form. */
export function addWord({ head, command }: Invocation, text: string): Edit {
  return insertAfter(head, command.exec ? `, ${JSON.stringify(text)}` : ` ${text}`);
}
