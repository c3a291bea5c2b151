import { describe, expect, test } from 'vitest';
import { codeFrame, fixPreview } from '../../src/report/code-frame.ts';
import { lineStarts } from '../../src/report/position.ts';

const options = (width = 80) => ({ style: { color: false, width }, paint: 'red', gutter: 2 }) as const;

/** The frame of the part between « and ». */
function frame(marked: string, width?: number): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  return [...codeFrame(text, lineStarts(text), { start, end }, options(width))].join('');
}

describe('codeFrame', () => {
  test('underlines a part of a line', () => {
    expect(frame('FROM a\nRUN «pip install» x\n')).toBe('   2 │ RUN pip install x\n     │     ^^^^^^^^^^^\n');
  });

  test('counts tabs as four columns and wide characters as two', () => {
    expect(frame('\tRUN echo 日本 «x»')).toBe('   1 │     RUN echo 日本 x\n     │                   ^\n');
  });

  test('an empty span and one at the end of the file get one mark', () => {
    expect(frame('FROM a«»\r\n')).toBe('   1 │ FROM a\n     │       ^\n');
    expect(frame('FROM a\n«»')).toBe('   2 │ \n     │ ^\n');
  });

  test('leaves out the byte order mark and carriage returns', () => {
    expect(frame('\ufeff«FROM a»\r\nRUN x\r\n')).toBe('   1 │ FROM a\n     │ ^^^^^^\n');
  });

  test('underlines every line of a span, without its indentation', () => {
    expect(frame('RUN «a \\\n    b \\\n\n    c» d\n')).toBe(
      [
        '   1 │ RUN a \\',
        '     │     ^^^',
        '   2 │     b \\',
        '     │     ^^^',
        '   3 │ ',
        '     │ ^',
        '   4 │     c d',
        '     │     ^',
        '',
      ].join('\n'),
    );
  });

  test('of many lines shows the first and the last', () => {
    const lines = frame(`RUN «${Array.from({ length: 40 }, (_, i) => `step${i}`).join('\n')}»`).split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.at(-3)).toContain('40 │ step39');
    expect(lines.some((line) => line.includes('⋮'))).toBe(true);
  });

  test('cuts a long line around the span and stays within the width', () => {
    const text = `RUN ${'a'.repeat(300)} «pip install» ${'b'.repeat(300)}`;
    const [source = '', mark = ''] = frame(text, 80).split('\n');
    expect(source.length).toBeLessThanOrEqual(80);
    expect(source.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('pip install');
    expect(source).toMatch(/│ …a+ pip install b+…$/);
  });

  test('no control character reaches the terminal', () => {
    expect(frame('RUN «echo \x1b[2J\u202e»')).toBe('   1 │ RUN echo \\x1b[2J\\u202e\n     │     ^^^^^^^^^^^^^^^^^^\n');
  });
});

describe('fixPreview', () => {
  const preview = (text: string, at: number, replaced: number, by: string) =>
    [...fixPreview(text, lineStarts(text), [{ span: { start: at, end: at + replaced }, text: by }], options())].join(
      '',
    );

  test('shows the line as it will be', () => {
    expect(preview('FROM a\nRUN pip install x\n', 22, 0, ' --no-cache-dir')).toBe(
      '   2 + RUN pip install --no-cache-dir x\n',
    );
  });

  test('shows a line that goes', () => {
    expect(preview('FROM a\nMAINTAINER x\nRUN y\n', 7, 13, '')).toBe('   2 - MAINTAINER x\n');
  });

  test('says nothing about large changes', () => {
    expect(preview('a\n', 0, 2, '1\n2\n3\n4\n5\n')).toBe('');
  });
});
