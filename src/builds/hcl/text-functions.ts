import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { bounded, type Call, chained, joined, list, number, ofText, text, Wrong } from './arguments.ts';
import { plain, type Value } from './value.ts';

const hash = (algorithm: string): Call => ofText((value) => createHash(algorithm).update(value).digest('hex'));

/** Functions of texts. */
export const textFunctions: Readonly<Record<string, Call>> = {
  base64decode: ofText((value) => Buffer.from(value, 'base64').toString('utf8')),
  base64encode: ofText((value) => Buffer.from(value).toString('base64')),
  basename: ofText((value) => posix.basename(value)),
  chomp: ofText((value) => value.replace(/[\r\n]{1,1000}$/, '')),
  dirname: ofText((value) => posix.dirname(value)),
  format: (pattern, ...args) => format(text(pattern), args),
  indent: (spaces, value) => joined(text(value).split('\n'), `\n${' '.repeat(Math.min(1000, number(spaces)))}`),
  join: (separator, ...lists) => joined(chained(lists.map(list)).map(text), text(separator)),
  jsonencode: (value = null) => bounded(JSON.stringify(plain(value))),
  lower: ofText((value) => value.toLowerCase()),
  md5: hash('md5'),
  replace: (value, from, to) => joined(splitAt(text(value), text(from)), text(to)),
  sanitize: ofText((value) => value.replace(/[^a-zA-Z0-9_-]/g, '_')),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
  sha512: hash('sha512'),
  split: (separator, value) => bounded(text(value).split(text(separator))),
  strlen: ofText((value) => [...value].length),
  substr: (value, offset, length) => substring([...text(value)], number(offset), number(length)),
  title: ofText((value) =>
    value.replace(/(^|\s)(\S)/g, (_, before: string, first: string) => before + first.toUpperCase()),
  ),
  trim: (value, cutset) => trimmed(text(value), text(cutset)),
  trimprefix: (value, prefix) =>
    text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : text(value),
  trimspace: ofText((value) => value.trim()),
  trimsuffix: (value, suffix) =>
    text(value).endsWith(text(suffix)) ? text(value).slice(0, text(value).length - text(suffix).length) : text(value),
  upper: ofText((value) => value.toUpperCase()),
  // Half a surrogate pair has no UTF-8: it is replaced on the way.
  urlencode: ofText((value) => encodeURIComponent(Buffer.from(value).toString()).replaceAll('%20', '+')),
};

/** Between all letters, and at both ends, where what is looked for is empty. */
function splitAt(value: string, separator: string): readonly string[] {
  return separator === '' ? ['', ...value, ''] : value.split(separator);
}

function substring(letters: readonly string[], offset: number, length: number): string {
  const from = offset < 0 ? letters.length + offset : offset;
  return letters.slice(from, length < 0 ? undefined : from + length).join('');
}

function trimmed(value: string, cutset: string): string {
  const letters = [...value];
  let start = 0;
  let end = letters.length;
  while (start < end && cutset.includes(letters[start] as string)) start++;
  while (end > start && cutset.includes(letters[end - 1] as string)) end--;
  return letters.slice(start, end).join('');
}

/** `%s`, `%d`, `%v`, `%q`, `%t`, `%%`; widths and the like are left to those who print. */
function format(pattern: string, args: readonly Value[]): string {
  let at = 0;
  const pieces = pattern.split(/(%(?:[-+ #0-9.[\]]{0,20}).)/).map((piece, i) => {
    if (i % 2 === 0) return piece;
    if (piece === '%%') return '%';
    if (!/^%[sdvqt]$/.test(piece)) throw new Wrong(`${piece} is not written here`);
    const value = text(args[at++]);
    return piece === '%q' ? JSON.stringify(value) : value;
  });
  return joined(pieces, '');
}
