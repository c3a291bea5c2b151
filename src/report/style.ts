/** How a text report is to be drawn. `width` is in terminal columns. */
export interface Style {
  readonly color: boolean;
  readonly width: number;
}

// ECMA-48 SGR: [on, off]
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Paint = keyof typeof codes;
export type Painter = (text: string, ...paints: readonly Paint[]) => string;

/** Written out here and not taken from a library: loading one costs more than linting a file. */
export function painter(color: boolean): Painter {
  if (!color) return (text) => text;
  return (text, ...paints) =>
    text === ''
      ? ''
      : paints.reduce((painted, paint) => `\x1b[${codes[paint][0]}m${painted}\x1b[${codes[paint][1]}m`, text);
}

/**
 * Control and direction characters in a visible spelling, so that no file name or Dockerfile can steer the terminal
 * or turn the line around (Unicode TR 36). Line ends are kept.
 */
export function visible(text: string): string {
  return text.replace(
    /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => {
      if (character === '\t') return '    ';
      const code = character.charCodeAt(0);
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    },
  );
}

// Unicode TR 11 wide and fullwidth blocks, with the emoji that terminals draw wide.
const wide =
  /[\u1100-\u115f\u231a\u231b\u23e9-\u23ec\u2614\u2615\u26a1\u2705\u274c\u2753-\u2755\u2795-\u2797\u2b50\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const zero = /[\p{Mn}\p{Me}\u200b-\u200d\u2060]/u;

/** Terminal columns of one character (a code point). */
export function columnsOf(character: string): number {
  if (character.length === 1 && character < '\u0300') return 1;
  // Dashes, quotes, the ellipsis: what our own texts use. The classes below take long to compile.
  if (character >= '\u2010' && character <= '\u2027') return 1;
  if (zero.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

const plain = /^[ -~]*$/;

export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** At most `width` columns, the end left out. */
export function cut(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let columns = 1;
  let kept = '';
  for (const character of line) {
    columns += columnsOf(character);
    if (columns > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Breaks at spaces so that no line is wider than `width`; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let columns = 0;
    for (const word of paragraph.split(' ')) {
      const size = displayWidth(word);
      if (line !== '' && columns + 1 + size > width) {
        lines.push(line);
        line = word;
        columns = size;
      } else {
        columns += line === '' ? size : size + 1;
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** `label` and the text beside it, wrapped, all lines after the first hanging under the text. */
export function labelled(label: string, paintedLabel: string, text: string, style: Style): string {
  const column = ' '.repeat(displayWidth(label) + 1);
  return `${paintedLabel} ${wrap(text, Math.max(24, style.width - column.length)).join(`\n${column}`)}\n`;
}
