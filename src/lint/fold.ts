import type { Span } from '../report/finding.ts';
import type { Folded, Segment } from './syntax.ts';

/** Joins slices of a text into one, remembering where each came from. Slices must be in order. */
export function fold(text: string, slices: readonly Span[]): Folded {
  const parts: string[] = [];
  const segments: Segment[] = [];
  let at = 0;
  for (const { start, end } of slices) {
    if (end <= start) continue;
    parts.push(text.slice(start, end));
    segments.push({ at, offset: start });
    at += end - start;
  }
  if (segments.length === 0) segments.push({ at: 0, offset: slices[0]?.start ?? 0 });
  return { text: parts.join(''), segments };
}

/** Part of a folded text, with its own way back. Takes time in proportion to the part. */
export function foldedSlice(folded: Folded, start: number, end: number): Folded {
  const first = segmentAt(folded, start);
  const segments: Segment[] = [];
  for (let i = first; i < folded.segments.length; i++) {
    const { at, offset } = folded.segments[i] as Segment;
    if (i > first && at >= end) break;
    segments.push(i === first ? { at: 0, offset: offset + (start - at) } : { at: at - start, offset });
  }
  return { text: folded.text.slice(start, end), segments };
}

/** Where UTF-16 unit `index` of the folded text stands in the file; for `text.length`, where the text ends. */
export function foldedOffset(folded: Folded, index: number): number {
  const { at, offset } = folded.segments[segmentAt(folded, index)] as Segment;
  return offset + (index - at);
}

/** The span of the file from the first to the last unit of a part of the folded text. */
export function foldedSpan(folded: Folded, start: number, end: number): Span {
  const from = foldedOffset(folded, start);
  // The unit before `end`, not the one at it: that may stand lines below.
  return { start: from, end: end > start ? foldedOffset(folded, end - 1) + 1 : from };
}

/** Index of the last segment that begins at or before `index`. */
function segmentAt({ segments, text }: Folded, index: number): number {
  if (segments.length === 1) return 0;
  const wanted = index >= text.length ? text.length - 1 : index;
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle] as Segment).at <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
