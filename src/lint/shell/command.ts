import type { Span } from '../../report/finding.ts';
import type { Folded, Word } from '../syntax.ts';

/** One simple command as the shell would run it, seen through `sudo`, `env`, absolute paths and `sh -c`. */
export interface Command {
  /** All of it: assignments, wrappers, words and redirects. */
  readonly span: Span;
  /** The program's file name (`apt-get` for `/usr/bin/apt-get`); empty when there are only assignments or redirects. */
  readonly name: string;
  /** The name as written, then the arguments. Words of wrappers are not among them. */
  readonly words: readonly ShellWord[];
  /** Programs in front that run this one, outermost first: `sudo`, `env`, `time`, `xargs`, … */
  readonly wrappers: readonly Wrapper[];
  /** `NAME=value` in front of the command, or behind `env` and `sudo`. */
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  /** What stands between this command and the one before: `start` at the beginning of a list. */
  readonly before: Connector;
  /** Number of the and-or list (`a && b || c`), unique in its step. */
  readonly chain: number;
  /** Its pipeline; a command alone is a pipeline of length 1. */
  readonly pipeline: Pipeline;
  /** What it stands inside of, outermost first. Empty at the top level. */
  readonly nesting: readonly Nesting[];
  /** In force when it runs: `set -e`, or `-e` of the shell. */
  readonly errexit: boolean;
  /** In force when it runs: `set -o pipefail`. */
  readonly pipefail: boolean;
  /** True for an exec form: no shell, so nothing is expanded. */
  readonly exec: boolean;
}

/** A word of a command. `text` is without quotes; expansions are in it as written. */
export interface ShellWord extends Word {
  /** What the shell fills in. Empty: the text is what the program gets (globs aside). */
  readonly expansions: readonly Expansion[];
}

export interface Expansion {
  readonly span: Span;
  readonly kind: 'variable' | 'command' | 'arithmetic' | 'process';
  /** The variable's name. */
  readonly name?: string;
  /** Inside double quotes, where the result is not split. */
  readonly quoted: boolean;
}

export interface Wrapper {
  readonly name: string;
  readonly span: Span;
  readonly words: readonly ShellWord[];
}

export interface Assignment {
  readonly span: Span;
  readonly name: string;
  /** Absent for an array. */
  readonly value?: ShellWord;
}

export interface Redirect {
  readonly span: Span;
  /** `>`, `>>`, `<`, `2>` has operator `>` and fd 2, `<<`, `<<<`, … */
  readonly operator: string;
  readonly fd?: number;
  /** Absent for a heredoc. */
  readonly target?: ShellWord;
}

export interface Pipeline {
  /** Unique in its step. */
  readonly id: number;
  /** 0 for the first command of the pipe. */
  readonly position: number;
  readonly length: number;
  /** `! cmd` */
  readonly negated: boolean;
}

export type Connector = 'start' | ';' | '&&' | '||' | '|' | '&';

export type Nesting =
  | 'subshell' // ( … )
  | 'group' // { …; }
  | 'condition' // what if, elif, while and until test
  | 'branch' // then, elif, else, case items
  | 'loop'
  | 'function'
  | 'substitution' // $(…), `…`, <(…)
  | 'script' // sh -c '…', eval '…', su -c '…'
  | 'find'; // find -exec …

/** A script that a shell gets as an argument: `sh -c SCRIPT`. */
export interface HandedScript {
  readonly text: Folded;
  /** The shell, e.g. `bash`. */
  readonly program: string;
  readonly errexit: boolean;
  /** How the script is written where it stands: as a JSON string, between single quotes, or in some other way. */
  readonly quoting: 'json' | 'single' | 'other';
}

/** What the shell could not read. The commands are complete as far as they could be. */
export interface ShellProblem {
  readonly span: Span;
  readonly message: string;
}

/** A literal word: nothing in it is filled in by the shell. */
export function isStatic(word: ShellWord): boolean {
  return word.expansions.length === 0;
}
