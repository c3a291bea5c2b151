import { describe, expect, it } from 'vitest';
import { fold, foldedOffset, foldedSlice, foldedSpan } from '../../src/lint/fold.ts';
import { lineStarts, positionAt } from '../../src/report/position.ts';

describe('fold', () => {
  const text = 'RUN a \\\n# no\n  b\\\nc';
  const folded = fold(text, [
    { start: 0, end: 6 },
    { start: 13, end: 16 },
    { start: 18, end: 19 },
  ]);

  it('joins the slices', () => expect(folded.text).toBe('RUN a   bc'));

  it('finds every unit again', () => {
    for (let i = 0; i < folded.text.length; i++) expect(text[foldedOffset(folded, i)]).toBe(folded.text[i]);
    expect(foldedOffset(folded, folded.text.length)).toBe(text.length);
  });

  it('spans from the first unit to behind the last', () => {
    expect(foldedSpan(folded, 4, 6)).toEqual({ start: 4, end: 6 });
    expect(foldedSpan(folded, 8, 10)).toEqual({ start: 15, end: 19 });
    expect(foldedSpan(folded, 6, 6)).toEqual({ start: 13, end: 13 });
  });

  it('slices with the way back', () => {
    for (let start = 0; start < folded.text.length; start++) {
      for (let end = start + 1; end <= folded.text.length; end++) {
        const slice = foldedSlice(folded, start, end);
        expect(slice.text).toBe(folded.text.slice(start, end));
        expect(slice.segments[0]?.at).toBe(0);
        for (let i = 0; i < slice.text.length; i++)
          expect(foldedOffset(slice, i)).toBe(foldedOffset(folded, start + i));
        expect(foldedOffset(slice, slice.text.length)).toBe(foldedSpan(folded, start, end).end);
      }
    }
  });

  it('is empty where there is nothing', () => {
    const empty = fold(text, [{ start: 6, end: 6 }]);
    expect(empty.text).toBe('');
    expect(foldedSpan(empty, 0, 0)).toEqual({ start: 6, end: 6 });
  });
});

describe('positionAt', () => {
  const text = 'a\r\nbc\n\n𝒳d';
  const starts = lineStarts(text);

  it.each([
    [0, 1, 1],
    [1, 1, 2],
    [3, 2, 1],
    [5, 2, 3],
    [6, 3, 1],
    [7, 4, 1],
    [9, 4, 3],
    [10, 4, 4],
  ])('offset %i is %i:%i', (offset, line, column) => expect(positionAt(starts, offset)).toEqual({ line, column }));

  it('takes a lone CR for a character', () => expect(lineStarts('a\rb')).toEqual([0]));
  it('gives an empty text its one line', () => expect(positionAt(lineStarts(''), 0)).toEqual({ line: 1, column: 1 }));
});
