import { isSpace } from './characters.ts';
import type { Range } from './words.ts';

/** The exec form. `strings` is absent when an element is no string, which BuildKit refuses; `culprit` is the first such. */
export interface JsonForm {
  readonly elements: readonly JsonElement[];
  readonly culprit?: Range;
}

export interface JsonElement extends Range {
  /** The decoded string, or the JSON as written if it is none. */
  readonly text: string;
}

/** Reads a JSON array (RFC 8259) that fills a part of a text. Undefined when it is not one: then it is the shell form. */
export function readJsonForm(text: string, start: number, end: number): JsonForm | undefined {
  let open = start;
  while (open < end && isSpace(text.charCodeAt(open))) open++;
  if (text[open] !== '[' || open >= end) return undefined;
  const values = parseArray(text.slice(open, end));
  if (!values) return undefined;
  const ranges = elementRanges(text, open, end);
  let culprit: Range | undefined;
  const elements = ranges.map((range, i): JsonElement => {
    const value = values[i];
    if (typeof value === 'string') return { ...range, text: value };
    culprit ??= range;
    return { ...range, text: text.slice(range.start, range.end) };
  });
  return culprit ? { elements, culprit } : { elements };
}

function parseArray(json: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Where the elements of a valid array stand. */
function elementRanges(text: string, open: number, end: number): Range[] {
  const ranges: Range[] = [];
  let depth = 0;
  let begin = -1;
  let stop = -1;
  for (let at = open; at < end; at++) {
    const char = text[at] as string;
    const closes = char === ']' || char === '}';
    if (closes) depth--;
    if ((depth === 1 && char === ',') || (depth === 0 && closes)) {
      if (begin !== -1) ranges.push({ start: begin, end: stop });
      begin = -1;
      continue;
    }
    if (depth > 0 && !isSpace(char.charCodeAt(0))) {
      if (begin === -1) begin = at;
      if (char === '"') at = stringEnd(text, at);
      stop = at + 1;
    }
    if (char === '[' || char === '{') depth++;
  }
  return ranges;
}

function stringEnd(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
