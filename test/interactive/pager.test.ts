import { describe, expect, test } from 'vitest';
import { plainText } from '../../src/interactive/cells.ts';
import { filePager, isText, lineCount, pagerLine, textLines, withoutLeft } from '../../src/interactive/pager.ts';

const lines = (text: string) => textLines(text).map(plainText);

describe('textLines', () => {
  test('tabs go to the next stop, line ends of both kinds end a line', () => {
    expect(lines('a\tb\r\n\tc\n漢\td')).toEqual(['a       b', '        c', '漢      d']);
  });

  test('control characters are shown and not sent', () => {
    expect(lines('\x1b[2J\x1b]0;x\x07 \u202e \x9b1m\r')).toEqual(['\\x1b[2J\\x1b]0;x\\x07 \\u202e \\x9b1m']);
    expect(lines('a\rb')).toEqual(['a\\x0db']);
  });

  test('a line without end is broken', () => {
    const all = lines('x'.repeat(1024 * 1024));
    expect(all.length).toBe(1049);
    expect(all.every((line) => line.length <= 1000)).toBe(true);
  });

  test('an empty file has no lines', () => {
    expect(lines('')).toEqual([]);
    expect(lines('\n')).toEqual(['']);
  });
});

test('text is told from other bytes', () => {
  expect(isText(Buffer.from('#!/bin/sh\necho Grüße\n'))).toBe(true);
  expect(isText(Buffer.from('\x1b[31mred\x1b[0m'))).toBe(true);
  expect(isText(Buffer.from('abc\0def'))).toBe(false);
  expect(isText(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x02, 0x01, 0x01, 0xff, 0xfe]))).toBe(false);
  expect(isText(new Uint8Array())).toBe(true);
});

test('bytes are shown in hexadecimal', () => {
  const pager = filePager('bin/x', Buffer.from([...Array(18).keys()]), 4_000_000);
  expect(pager).toMatchObject({ title: 'bin/x', remark: '4.0 MB, the first 18 B of it', isHex: true });
  expect(lineCount(pager)).toBe(2);
  expect(plainText(pagerLine(pager, 0))).toBe(
    '00000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  ................',
  );
  expect(plainText(pagerLine(pager, 1)).trimEnd()).toBe(`00000010  10 11${' '.repeat(45)}..`);
});

test('a line is moved to the left by columns', () => {
  expect(plainText(withoutLeft([{ text: 'ab' }, { text: '漢字c' }], 4))).toBe('字c');
});
