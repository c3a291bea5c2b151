import { MASK } from '../report/secrets.ts';

/**
 * What a history entry says was done. Builders write `created_by` in their own ways:
 * classic Docker and buildah `/bin/sh -c #(nop)  CMD ["x"]`, `|1 ARG=v /bin/sh -c cmd`, `/bin/sh -c #(nop) COPY file:… in /x`;
 * BuildKit `RUN |1 ARG=v /bin/sh -c cmd # buildkit`, `COPY . /app # buildkit`; kaniko the line of the Dockerfile.
 */
export interface Made {
  readonly keyword: string;
  /** What follows the keyword, blanks squeezed; of a RUN with its build arguments and its shell. */
  readonly rest: string;
  readonly words: ReadonlySet<string>;
}

const KEYWORD =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\s+/;
const NO_OPERATION = '#(nop)';
/** Below this share of words in common, two commands have nothing to do with each other. */
export const ALIKE = 0.5;
/** Longer commands are compared by their beginnings. */
const MOST_TEXT = 20_000;

export function readCreatedBy(createdBy: string): Made | undefined {
  let text = squeeze(createdBy);
  if (text.endsWith('# buildkit')) text = text.slice(0, -'# buildkit'.length).trimEnd();
  const nop = text.slice(0, 200).indexOf(NO_OPERATION);
  if (nop >= 0) text = text.slice(nop + NO_OPERATION.length).trimStart();
  const keyword = KEYWORD.exec(text);
  if (keyword) return madeOf(keyword[1] as string, text.slice(keyword[0].length));
  // Without a keyword it is what the classic builder ran, of an exec form the bare words.
  return text === '' ? undefined : madeOf('RUN', text);
}

function madeOf(keyword: string, rest: string): Made {
  return { keyword, rest, words: wordsOf(rest) };
}

const SHELL = String.raw`(?:[^\s|]*[/\\])?(?:sh|bash|ash|dash|zsh|ksh|cmd|powershell|pwsh)(?:\.exe)?`;
/** Build arguments, then a shell with nothing but options. Values may hold blanks, so the last shell ends them. */
const BEFORE_COMMAND = new RegExp(
  String.raw`^(?:\|\d+ (?:.* )?)?${SHELL}(?: (?:[-/][^\s]*|\$[\w']+(?: ?= ?'?\w+'?;)?|pipefail|errexit|nounset|xtrace))* $`,
  'i',
);

/** Whether a RUN of the history is this command: the same, or the same behind build arguments and a shell. */
export function runs(rest: string, command: string): boolean {
  if (command === '') return false;
  if (rest === command) return true;
  const before = rest.slice(0, Math.max(0, rest.length - command.length));
  if (!rest.endsWith(command) || before.length > MOST_TEXT) return false;
  return BEFORE_COMMAND.test(before) || /^\|\d+ (?:\S+=.* )?$/.test(before);
}

/** `file:… in /x` of the classic builder and buildah: what was copied is a digest. */
export function classicTarget(rest: string): string | undefined {
  return /^(?:--\S+ )*(?:(?:file|dir|multi):[0-9a-f…]+|\S+) in (.+)$/.exec(rest)?.[1]?.trim();
}

/** Without leading `--flag=value` words. */
export function withoutFlags(rest: string): string {
  return rest.replace(/^(?:--\S+ )+/, '');
}

export function squeeze(text: string): string {
  return text.slice(0, MOST_TEXT).replace(/\s+/g, ' ').trim();
}

/** Equal but for quotes, backslashes and masked secrets. */
export function saysSame(history: string, instruction: string): boolean {
  const [a, b] = [bare(history), bare(instruction)];
  if (a === b) return true;
  if (!a.includes(MASK)) return false;
  const words = a.split(' ');
  const others = b.split(' ');
  return words.length === others.length && words.every((word, i) => isSameWord(word, others[i] as string));
}

function isSameWord(word: string, other: string): boolean {
  const at = word.indexOf(MASK);
  return at < 0 ? word === other : other.startsWith(word.slice(0, at)) && other.endsWith(word.slice(at + MASK.length));
}

function bare(text: string): string {
  return text.replace(/["'\\]/g, '');
}

export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** Words in common, of all words of both: 0…1. */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (Math.min(a.size, b.size) < ALIKE * Math.max(a.size, b.size)) return 0;
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return common / (a.size + b.size - common);
}
