import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawLine, fitLine, fitText, plainText, span } from '../../src/interactive/cells.ts';
import { displayWidth } from '../../src/report/style.ts';

describe('fitText', () => {
  test.each([
    ['abc', 5, 'abc  '],
    ['abcdef', 5, 'abcd…'],
    ['abc', 3, 'abc'],
    ['漢字漢字', 5, '漢字…'],
    ['漢字漢字', 4, '漢… '],
    ['e\u0301e\u0301', 2, 'e\u0301e\u0301'],
    ['abc', 0, ''],
  ])('%j in %i columns', (text, width, fitted) => {
    expect(fitText(text, width)).toBe(fitted);
  });
});

test('what fits is not cut because nothing follows it', () => {
  expect(plainText(fitLine([span('😀aaaa'), span('')], 6))).toBe('😀aaaa');
});

test('a line is exactly as wide as asked for', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', ' ', '漢', 'é', 'e\u0301', '😀', '…'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (texts, width) => {
      const text = plainText(
        fitLine(
          texts.map((one) => span(one)),
          width,
        ),
      );
      expect(displayWidth(text)).toBe(width);
      if (displayWidth(texts.join('')) <= width) expect(text.startsWith(texts.join(''))).toBe(true);
    }),
  );
});

test('without colours, bold and reverse stay', () => {
  const line = [span('a', 'red', 'bold'), span('b', 'red'), span('c', 'reverse'), span('')];
  expect(drawLine(line, true)).toBe('\x1b[31;1ma\x1b[0m\x1b[31mb\x1b[0m\x1b[7mc\x1b[0m');
  expect(drawLine(line, false)).toBe('\x1b[1ma\x1b[0mb\x1b[7mc\x1b[0m');
});
