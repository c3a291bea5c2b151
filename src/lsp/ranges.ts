import type { Range, TextEdit } from 'vscode-languageserver';
import type { Edit, Finding, Severity, Span } from '../report/finding.ts';
import { lineStarts, positionAt } from '../report/position.ts';

/** Offsets of a text as an editor counts them: lines and UTF-16 units from 0. */
export class Places {
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#starts = lineStarts(text);
  }

  range({ start, end }: Span): Range {
    return { start: this.#position(start), end: this.#position(end) };
  }

  edits(edits: readonly Edit[]): TextEdit[] {
    return edits.map(({ span, text }) => ({ range: this.range(span), newText: text }));
  }

  /** The offset of a place; the end of the text for one behind it. */
  offset({ line, character }: Range['start'], length: number): number {
    return Math.min((this.#starts[line] ?? length) + character, length);
  }

  /** Where the line begins that an offset is in. */
  lineStart(offset: number): number {
    return this.#starts[positionAt(this.#starts, offset).line - 1] ?? 0;
  }

  #position(offset: number): Range['start'] {
    const { line, column } = positionAt(this.#starts, offset);
    return { line: line - 1, character: column - 1 };
  }
}

/** LSP, DiagnosticSeverity. */
export const SEVERITIES: Readonly<Record<Severity, 1 | 2 | 3 | 4>> = { error: 1, warning: 2, info: 3, style: 4 };

export function spanOf({ location }: Finding): Span {
  return 'span' in location ? location.span : { start: 0, end: 0 };
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
