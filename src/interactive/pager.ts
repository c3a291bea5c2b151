import { printable } from '../report/inspect-name.ts';
import { columnsOf, displayWidth, visible } from '../report/style.ts';
import { byteSize } from '../report/units.ts';
import { type Line, span } from './cells.ts';

/** A text or a file that is looked at. */
export interface Pager {
  readonly title: string;
  /** Said in the head beside the title. */
  readonly remark: string;
  /** Undefined until the file was read. */
  readonly page: Page | undefined;
  readonly isHex: boolean;
  readonly top: number;
  /** Columns that are passed over at the left. */
  readonly left: number;
  readonly search: string;
  /** The search while it is typed. */
  readonly typed: string | undefined;
}

export interface Page {
  readonly lines: readonly Line[];
  /** Of a file; a text of ours has none. */
  readonly bytes?: Uint8Array;
}

/** More of a file is not shown. */
export const MOST_BYTES = 1024 * 1024;
/** A line goes on in the next one after so many characters. */
const LONGEST = 1000;
const HEX_BYTES = 16;
const TAB = 8;

export function openPager(title: string, remark: string, page?: Page): Pager {
  return { title, remark, page, isHex: false, top: 0, left: 0, search: '', typed: undefined };
}

/** A pager with the first bytes of a file of `size` bytes: as text, or in hexadecimal where it is none. */
export function filePager(path: string, bytes: Uint8Array, size: number): Pager {
  const isCut = bytes.length < size;
  const isHex = !isText(bytes);
  const remark = `${byteSize(size)}${isCut ? `, the first ${byteSize(bytes.length)} of it` : ''}`;
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
  return { ...openPager(printable(path), remark, { lines: textLines(text), bytes }), isHex };
}

/** No NUL, and few bytes that are no UTF-8 or control characters. */
export function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 8192);
  if (head.includes(0)) return false;
  const text = new TextDecoder().decode(head);
  const odd = text.match(/[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffd]/g)?.length ?? 0;
  return odd * 20 <= text.length;
}

/** Lines with tabs as spaces and control characters in a visible spelling. */
export function textLines(text: string): Line[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap((raw) => {
    const line = expandTabs(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
    const shown = visible(line).replace(/[\ud800-\udfff]/gu, '\ufffd');
    if (shown.length <= LONGEST) return [[span(shown)]];
    const parts: Line[] = [];
    const characters = [...shown];
    for (let at = 0; at < characters.length; at += LONGEST) {
      parts.push([span(characters.slice(at, at + LONGEST).join(''))]);
    }
    return parts;
  });
}

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let out = '';
  let column = 0;
  for (const part of line.split(/(\t)/)) {
    const text = part === '\t' ? ' '.repeat(TAB - (column % TAB)) : part;
    out += text;
    column += displayWidth(text);
  }
  return out;
}

export function lineCount({ page, isHex }: Pager): number {
  if (!page) return 0;
  return isHex ? Math.ceil((page.bytes?.length ?? 0) / HEX_BYTES) : page.lines.length;
}

export function pagerLine({ page, isHex }: Pager, index: number): Line {
  if (!page) return [];
  return isHex ? hexLine(page.bytes ?? new Uint8Array(), index) : (page.lines[index] ?? []);
}

/** As `hexdump -C` shows 16 bytes. */
function hexLine(bytes: Uint8Array, index: number): Line {
  const start = index * HEX_BYTES;
  const row = [...bytes.subarray(start, start + HEX_BYTES)];
  const pairs = Array.from({ length: HEX_BYTES }, (_, i) => row[i]?.toString(16).padStart(2, '0') ?? '  ');
  const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return [
    span(start.toString(16).padStart(8, '0'), 'dim'),
    span(`  ${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}  `),
    span(text, 'cyan'),
  ];
}

/** The line without its first `columns`. */
export function withoutLeft(line: Line, columns: number): Line {
  let left = columns;
  return line.map((piece) => {
    if (left <= 0) return piece;
    let text = '';
    for (const character of piece.text) {
      if (left > 0) left -= columnsOf(character);
      else text += character;
    }
    return { ...piece, text };
  });
}
