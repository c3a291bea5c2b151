import { columnsOf, displayWidth } from '../report/style.ts';

/** A piece of a line that looks the same. Its text holds no control characters. */
export interface Span {
  readonly text: string;
  readonly looks?: readonly Look[];
}

export type Line = readonly Span[];

// ECMA-48 SGR. What is no colour is shown without colours, too.
const LOOKS = {
  bold: { code: 1, isColor: false },
  dim: { code: 2, isColor: false },
  underline: { code: 4, isColor: false },
  reverse: { code: 7, isColor: false },
  red: { code: 31, isColor: true },
  green: { code: 32, isColor: true },
  yellow: { code: 33, isColor: true },
  blue: { code: 34, isColor: true },
  cyan: { code: 36, isColor: true },
} as const;

export type Look = keyof typeof LOOKS;

export function span(text: string, ...looks: Look[]): Span {
  return looks.length === 0 ? { text } : { text, looks };
}

/** Exactly `width` columns: the end is left out, with `…` in its place, or spaces are added. */
export function fitText(text: string, width: number): string {
  if (width <= 0) return '';
  const columns = displayWidth(text);
  if (columns <= width) return text + ' '.repeat(width - columns);
  let kept = '';
  let used = 0;
  for (const character of text) {
    const size = columnsOf(character);
    if (used + size > width - 1) break;
    used += size;
    kept += character;
  }
  return `${kept}…${' '.repeat(width - 1 - used)}`;
}

export function fitRight(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** A line of exactly `width` columns; all of it has `looks` besides its own. */
export function fitLine(line: Line, width: number, ...looks: Look[]): Line {
  const fitted: Span[] = [];
  let room = width;
  for (const [i, piece] of line.entries()) {
    if (room <= 0) break;
    const isLast = line.slice(i + 1).every(({ text }) => text === '');
    const columns = displayWidth(piece.text);
    const isWhole = columns < room || (columns === room && isLast);
    const text = isWhole ? piece.text : fitText(columns === room ? `${piece.text} ` : piece.text, room);
    fitted.push({ text, looks: [...(piece.looks ?? []), ...looks] });
    room -= isWhole ? columns : room;
  }
  if (room > 0) fitted.push({ text: ' '.repeat(room), looks });
  return fitted;
}

/** The line with its looks as SGR sequences. */
export function drawLine(line: Line, color: boolean): string {
  return line
    .map(({ text, looks = [] }) => {
      const codes = looks.filter((look) => color || !LOOKS[look].isColor).map((look) => LOOKS[look].code);
      return codes.length === 0 || text === '' ? text : `\x1b[${codes.join(';')}m${text}\x1b[0m`;
    })
    .join('');
}

export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('');
}
