import { visible } from './style.ts';

/** A path or name of an image on one line: control characters, line ends and bytes that are no UTF-8 as escapes. */
export function printable(name: string): string {
  const escaped = name
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    .replace(/[\ud800-\udfff]/gu, (unit) => `\\x${(unit.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`);
  return visible(escaped);
}

/** Words as one would type them in a POSIX shell. */
export function quoted(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .map(printable)
    .join(' ');
}

const KIND_LETTERS: Readonly<Record<string, string>> = {
  directory: 'd',
  symlink: 'l',
  'character-device': 'c',
  'block-device': 'b',
  fifo: 'p',
};

/** Kind and permissions as ls(1) shows them: `-rwsr-xr-x`. */
export function permissions(kind: string, mode: number): string {
  const triple = (shift: number, special: number, letter: string): string => {
    const bits = (mode >> shift) & 7;
    const run = (bits & 1) !== 0;
    const last = (mode & special) === 0 ? (run ? 'x' : '-') : run ? letter : letter.toUpperCase();
    return ((bits & 4) === 0 ? '-' : 'r') + ((bits & 2) === 0 ? '-' : 'w') + last;
  };
  return (KIND_LETTERS[kind] ?? '-') + triple(6, 0o4000, 's') + triple(3, 0o2000, 's') + triple(0, 0o1000, 't');
}
