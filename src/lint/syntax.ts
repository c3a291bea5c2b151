import type { Source, Span } from '../report/finding.ts';

/**
 * The lossless tree of a Dockerfile: the spans of `items` follow each other without a gap and cover the text.
 * Reading rules: BuildKit `frontend/dockerfile/parser`, Dockerfile reference.
 */
export interface Dockerfile {
  readonly source: Source;
  /** The escape character, `\` unless `# escape=` says otherwise. */
  readonly escape: '\\' | '`';
  /** Parser directives in force, in order: `syntax`, `escape`, `check`. */
  readonly directives: readonly Directive[];
  readonly items: readonly Item[];
  /** The instructions among `items`, for convenience. */
  readonly instructions: readonly Instruction[];
  /** What is wrong with the text as such. The tree is complete all the same. */
  readonly problems: readonly SyntaxProblem[];
}

export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly valueSpan: Span;
  /** Everything after the `=`; BuildKit cuts `value` of `syntax` and `check` at the first blank. */
  readonly full: string;
}

export type Item = Instruction | Trivia;

/** `space` is blank lines, indentation, line ends and a byte order mark; `comment` and `directive` are without their line end. */
export interface Trivia {
  readonly kind: 'comment' | 'directive' | 'space';
  readonly span: Span;
}

export interface SyntaxProblem {
  readonly code: SyntaxProblemCode;
  readonly span: Span;
  readonly message: string;
  readonly help?: string;
  /** What stands there in all likelihood: the tree has it so. */
  readonly meant?: Keyword;
}

export type SyntaxProblemCode =
  | 'no-instructions' // empty file, or comments only
  | 'unknown-instruction'
  | 'missing-argument' // an instruction that needs an argument has none
  | 'extra-argument'
  | 'invalid-argument' // ENV a=b c, a non-string inside a JSON array, `FROM a b c`
  | 'unknown-flag'
  | 'duplicate-flag'
  | 'invalid-flag' // a flag whose value cannot be, or that lacks one
  | 'unterminated-heredoc'
  | 'unterminated-quote'
  | 'invalid-directive' // escape other than \ or `, a directive twice
  | 'empty-continuation' // blank line inside an instruction; a warning in BuildKit
  | 'line-too-long' // over 65,535 bytes
  | 'invalid-onbuild' // ONBUILD ONBUILD, ONBUILD FROM
  | 'no-from'; // an instruction before FROM, or no FROM at all

export type Keyword = Instruction['keyword'];
/** Six shapes for eighteen keywords; a switch over `keyword` narrows. */
export type Instruction = From | Run | Copy | Pairs | Onbuild | Plain;

export interface Base<K extends string> {
  readonly kind: 'instruction';
  /** Upper case, whatever the file has. */
  readonly keyword: K;
  /** Where the word stands, for its spelling and case. */
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last line that belongs to it (continuations, heredoc terminators), without the line end. */
  readonly span: Span;
  /** Leading `--name=value` words. */
  readonly flags: readonly Flag[];
  /** Comment lines inside continuations. */
  readonly comments: readonly Span[];
  /** Blank lines inside continuations, with their line ends. */
  readonly blanks: readonly Span[];
}

export interface From extends Base<'FROM'> {
  readonly image?: Word;
  /** The `AS` itself, for its case. */
  readonly as?: Span;
  readonly name?: Word;
}

/** RUN, CMD, ENTRYPOINT, SHELL, HEALTHCHECK: something that is executed. */
export interface Run extends Base<'RUN' | 'CMD' | 'ENTRYPOINT' | 'SHELL' | 'HEALTHCHECK'> {
  /** `exec` when the arguments are a JSON array of strings. */
  readonly form: 'shell' | 'exec';
  /** HEALTHCHECK only: the word NONE or CMD. */
  readonly type?: Word;
  /** Exec form: the elements (span includes the quotes, `text` is the decoded string). Shell form: empty. */
  readonly words: readonly Word[];
  /** Shell form: the command line as the shell gets it, without heredoc bodies. Absent when there is nothing. */
  readonly script?: Folded;
  readonly heredocs: readonly Heredoc[];
}

export interface Copy extends Base<'COPY' | 'ADD'> {
  readonly form: 'shell' | 'exec';
  /** Heredoc words (`<<EOF`) are among the sources, as written. */
  readonly sources: readonly Word[];
  readonly target?: Word;
  readonly heredocs: readonly Heredoc[];
}

export interface Pairs extends Base<'ENV' | 'ARG' | 'LABEL'> {
  /** False for the old `ENV key value` form. */
  readonly equals: boolean;
  readonly pairs: readonly Pair[];
}

export interface Pair {
  readonly span: Span;
  readonly key: Word;
  /** Absent for `ARG name`; empty text for `NAME=`. */
  readonly value?: Word;
}

export interface Onbuild extends Base<'ONBUILD'> {
  /** Absent when nothing follows. */
  readonly instruction?: Instruction;
}

export interface Plain
  extends Base<'EXPOSE' | 'USER' | 'VOLUME' | 'WORKDIR' | 'STOPSIGNAL' | 'MAINTAINER' | 'UNKNOWN'> {
  /** VOLUME may be written as JSON. */
  readonly form: 'shell' | 'exec';
  /** WORKDIR, USER, STOPSIGNAL and MAINTAINER have one word: the rest of the line. */
  readonly words: readonly Word[];
}

export interface Word {
  /** Where it stands, quotes included. May run over several lines. */
  readonly span: Span;
  /** Continuations joined; quotes and escapes as written. What variable expansion starts from. In a JSON array: the decoded string. */
  readonly raw: string;
  /** `raw` without its quotes and escapes; variables as written. */
  readonly text: string;
}

export interface Flag {
  readonly span: Span;
  /** Without the dashes, lower or upper case as written. */
  readonly name: string;
  /** Absent in `--link`, empty in `--link=`. Quotes removed. */
  readonly value?: string;
  /** Where the value stands, when there is one. */
  readonly valueSpan?: Span;
}

export interface Heredoc {
  /** The `<<EOF` word, with its file descriptor and dash. */
  readonly span: Span;
  readonly name: string;
  /** False when any part of the name was quoted: no variables are expanded in the body. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are removed from the body when it is used. */
  readonly chomp: boolean;
  readonly fd: number;
  /** The body, with the line end of its last line, without the terminator. */
  readonly body: Span;
  /** The terminator line without its line end; absent when the file ends first. */
  readonly terminator?: Span;
}

/**
 * Text that was gathered from several places of the file (continuation markers, comment lines and blank lines
 * removed), with the way back: `offsets[i]` is where UTF-16 unit `i` of `text` stands in the file, and
 * `offsets[text.length]` is where the text ends. Runs of consecutive offsets are stored as segments.
 */
export interface Folded {
  readonly text: string;
  readonly segments: readonly Segment[];
}

/** From index `at` of the folded text on, the file offset is `offset + (i - at)`. Sorted by `at`; the first has `at` 0. */
export interface Segment {
  readonly at: number;
  readonly offset: number;
}
