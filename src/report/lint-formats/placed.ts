import type { Finding, Span } from '../finding.ts';
import type { LintedFile, LintReport } from '../lint-report.ts';
import { lineStarts, type Position, positionAt } from '../position.ts';

/** A finding with its place as people and other programs count it. */
export interface Placed {
  readonly finding: Finding;
  /** With `/`, without a leading `./`; of a finding in an image the path in it. */
  readonly path: string;
  readonly start: Position;
  /** Exclusive. */
  readonly end: Position;
  /** Any place of the same text. */
  readonly place: (offset: number) => Position;
}

const FIRST: Position = { line: 1, column: 1 };

/** The findings of a report, file by file, in the order of each file. */
export function* placedFindings({ files }: LintReport): Iterable<Placed> {
  for (const file of files) yield* placedIn(file);
}

export function* placedIn({ source, findings }: LintedFile): Iterable<Placed> {
  if (findings.length === 0) return;
  const starts = lineStarts(source.text);
  const place = (offset: number) => positionAt(starts, offset);
  const path = plainPath(source.path);
  for (const finding of findings) {
    const { location } = finding;
    if (!('span' in location)) yield { finding, path: plainPath(location.path), start: FIRST, end: FIRST, place };
    else yield { finding, path, place, ...rangeOf(location.span, place) };
  }
}

/** An end at the beginning of a line is, for who shows lines, the end of the line before. */
function rangeOf({ start, end }: Span, place: (offset: number) => Position): { start: Position; end: Position } {
  return { start: place(start), end: place(Math.max(start, end)) };
}

export function plainPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '');
}

/** The message and what to do, as one sentence for who has no second field. */
export function sentence({ message, help }: Finding): string {
  return help ? `${message}: ${help}` : message;
}

/** Line ends and other control characters as blanks, for formats of one line. */
export function oneLine(text: string): string {
  return text.replace(/[\0-\x1f\x7f\u2028\u2029]+/g, ' ').trim();
}

/** Text of a log that people read on terminals, too: what would steer one becomes U+FFFD; line ends are the format's. */
export function harmless(text: string): string {
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\ufffd');
}

/** Half a character, as broken names have it, is none: U+FFFD stands for it. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/** Text inside XML 1.0, and inside an attribute's quotes. Characters that XML has no place for become U+FFFD. */
export function xml(text: string): string {
  return wellFormed(text)
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\t\n\r]/g, (character) => XML[character] as string);
}

const XML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
