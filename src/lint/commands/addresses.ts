import type { Span } from '../../report/finding.ts';
import type { ShellWord } from '../shell.ts';

/** Address of a thing on the web or elsewhere, as far as a word shows it. */
export interface WebAddress {
  /** Lower case: `http`. */
  readonly scheme: string;
  /** Without user and port; absent when it is filled in later. */
  readonly host?: string;
  /** What follows the last slash of the path, without query and fragment. */
  readonly file: string;
}

/** Reads `scheme://host/path/file?query`. */
export function webAddress(text: string): WebAddress | undefined {
  const match = /^([a-z][a-z0-9+.-]{1,30}):\/\/([^/?#]*)([^?#]*)/i.exec(text);
  if (!match) return undefined;
  const [, scheme = '', authority = '', path = ''] = match;
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:[^:\]]*$/, '')
    .toLowerCase();
  const isKnown = host !== '' && !/[${}`]/.test(host);
  return { scheme: scheme.toLowerCase(), file: path.slice(path.lastIndexOf('/') + 1), ...(isKnown ? { host } : {}) };
}

/** This machine, a private network, or a name without a dot, such as that of another container. */
export function isNear(host: string): boolean {
  if (!/[.:]/.test(host)) return true;
  if (/(^|\.)(localhost|local|internal|lan|home\.arpa|test|invalid)$/.test(host)) return true;
  return /^(127|10|0)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^\[(::1|f[cd]|fe80)/.test(host);
}

/** Where a piece of a word stands in the file; the whole word when quotes, escapes or line breaks are in between. */
export function spanIn({ span, raw }: Pick<ShellWord, 'span' | 'raw'>, piece: string): Span {
  const at = raw.indexOf(piece);
  if (at < 0 || raw.length !== span.end - span.start) return span;
  return { start: span.start + at, end: span.start + at + piece.length };
}
