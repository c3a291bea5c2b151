import { describe, expect, test } from 'vitest';
import type { InlineText } from '../../src/builds/inline.ts';
import { readBuildFile } from '../../src/builds/read-build-file.ts';

const read = (text: string, path = 'compose.yaml'): InlineText => {
  const { builds, errors } = readBuildFile(path, text);
  expect(errors).toEqual([]);
  const inline = builds[0]?.dockerfile;
  if (typeof inline !== 'object') throw new Error('no inline Dockerfile');
  return inline;
};

const compose = (block: string): string =>
  `services:\n  a:\n    build:\n      dockerfile_inline: ${block}\n  b:\n    image: x\n`;

/** What the words of the text stand for in the outer file. */
const words = (text: string): [string, string][] => {
  const inline = read(text);
  return [...inline.text.matchAll(/[^\s$]+/g)].map(({ 0: word, index }) => {
    const { start, end } = inline.outer({ start: index, end: index + word.length });
    return [word, text.slice(start, end)];
  });
};

describe('a literal block', () => {
  test.each([
    ['plain', '|\n        FROM a:1\n        RUN x && \\\n            y\n\n        CMD ["z"]'],
    ['with a header', '|-   # why\n        FROM a:1\n\n        CMD ["z"]\n\n'],
    ['with dollars', '|\n        FROM a:1\n        RUN echo $$HOME $$$$ $$X y\n        USER $$u'],
    ['under CRLF', '|\r\n        FROM a:1\r\n        RUN x\r\n        CMD ["z"]\r\n'],
    ['with empty lines first', '|\n\n        FROM a:1\n        RUN x'],
  ])('%s: every word stands for itself', (_, block) => {
    const pairs = words(compose(block));
    expect(pairs.length).toBeGreaterThan(2);
    for (const [word, outer] of pairs) expect(outer).toBe(word);
    const { write, text: inner, span } = read(compose(block));
    expect(write?.(inner)).toBe(compose(block).slice(span.start, span.end));
  });

  test('is written back as it was read, and with other lines', () => {
    const text = compose('|\n        FROM a:1\n\n        RUN echo $$A\n');
    const { write, span, text: inner } = read(text);
    expect(inner).toBe('FROM a:1\n\nRUN echo $A\n');
    expect(write?.(inner)).toBe(text.slice(span.start, span.end));
    expect(write?.('FROM b\n\nRUN x $B\n')).toBe('        FROM b\n\n        RUN x $$B\n');
  });

  test('with variables, a line stands for a line, and nothing is written', () => {
    process.env.DLINT_TEST_TAG = '22';
    const text = compose('|\n        FROM node:${DLINT_TEST_TAG}\n        RUN x');
    const { write, text: inner, outer } = read(text);
    delete process.env.DLINT_TEST_TAG;
    expect(inner).toBe('FROM node:22\nRUN x\n');
    expect(write).toBeUndefined();
    expect(text.slice(0, outer({ start: 5, end: 12 }).start).split('\n')).toHaveLength(5);
    const { start, end } = outer({ start: 17, end: 18 });
    expect(text.slice(start, end)).toBe('x');
  });
});

test.each([
  ['folded', '>\n        FROM a:1\n\n        RUN x'],
  ['quoted', '"FROM a:1\\nRUN x\\n"'],
])('%s: findings stand at the beginning, and nothing is written', (_, block) => {
  const text = compose(block);
  const { outer, write } = read(text);
  expect(write).toBeUndefined();
  const { start, end } = outer({ start: 10, end: 12 });
  expect(text.slice(start, end)).toBe(block.split('\n')[0]);
});

test('a bake file', () => {
  const { text } = read('{"target":{"a":{"dockerfile-inline":"FROM a:1\\nRUN x\\n"}}}', 'docker-bake.json');
  expect(text).toBe('FROM a:1\nRUN x\n');
});

describe('a heredoc of HCL', () => {
  const bake = (heredoc: string): string => `target "a" {\n  dockerfile-inline = ${heredoc}\n}\n`;

  test.each([
    ['plain', '<<EOT\nFROM a:1\nRUN x && \\\n  y\nEOT'],
    ['indented', '<<-EOT\n    FROM a:1\n\n    RUN x && \\\n      y\n  EOT'],
    ['with dollars', '<<-EOT\n    FROM a:1\n    RUN echo $HOME $${X} y %%{z} w\n    EOT'],
    ['under CRLF', '<<-EOT\r\n    FROM a:1\r\n    RUN x\r\n  EOT'],
  ])('%s: every word stands for itself, and is written back', (_, heredoc) => {
    const text = bake(heredoc);
    const { text: inner, outer, write, span } = read(text, 'docker-bake.hcl');
    const found = [...inner.matchAll(/\w+/g)];
    expect(found.length).toBeGreaterThan(4);
    for (const { 0: word, index } of found) {
      const { start, end } = outer({ start: index, end: index + word.length });
      expect(text.slice(start, end)).toBe(word);
    }
    expect(write?.(inner)).toBe(text.slice(span.start, span.end));
    expect(write?.(`${inner}USER ${'$'}{u}\n`)).toContain('USER $${u}');
  });

  test('with variables, nothing is written', () => {
    const text = bake('<<EOT\nFROM a:${V}\nRUN x\nEOT');
    const { text: inner, write, outer } = read(`variable "V" { default = "1" }\n${text}`, 'docker-bake.hcl');
    expect(inner).toBe('FROM a:1\nRUN x\n');
    expect(write).toBeUndefined();
    const { start } = outer({ start: 9, end: 12 });
    expect(`variable "V" { default = "1" }\n${text}`.slice(start)).toMatch(/^RUN x/);
  });
});
