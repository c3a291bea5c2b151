import type { ShellWord } from '../shell.ts';

/** A package that a command names. */
export interface PackageWord {
  readonly word: ShellWord;
  readonly name: string;
  /** The version or range as written, without its operator; absent when none is given. */
  readonly version?: string;
  /** `=`, `==`, `~=`, `@`, `:`, … */
  readonly operator?: string;
  /** `registry` for a name; a file, a web address, a repository or a folder otherwise. */
  readonly kind: 'registry' | 'file' | 'url' | 'git' | 'directory' | 'variable';
}

/** A word that is not plainly the name of a package: an address, a path, or nothing but a variable. */
export function specialKind(word: ShellWord, archive: RegExp): PackageWord['kind'] | undefined {
  const { text } = word;
  if (/^(git\+|git@|git:\/\/|github:|gitlab:|bitbucket:)|\.git(#|@|$)/.test(text)) return 'git';
  if (/^(https?|ftp|file):/.test(text)) return 'url';
  if (archive.test(text)) return 'file';
  if (/^(\.{1,2}$|\.{0,2}\/|~\/|~$)/.test(text)) return 'directory';
  const [only] = word.expansions;
  if (only && word.expansions.length === 1 && only.span.end - only.span.start >= word.text.length) return 'variable';
  return undefined;
}

export function packageWord(word: ShellWord, kind: PackageWord['kind'], split: RegExp | undefined): PackageWord {
  const match = kind === 'registry' && split ? split.exec(word.text) : null;
  if (!match) return { word, name: word.text, kind };
  const [, name = word.text, operator, version] = match;
  return { word, name, kind, ...(operator ? { operator } : {}), ...(version ? { version } : {}) };
}
