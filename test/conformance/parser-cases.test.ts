import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expandWord, expandWords } from '../../src/lint/expand.ts';
import { heredocWords, readHeredocWord } from '../../src/lint/heredoc.ts';
import { readJsonForm } from '../../src/lint/json-form.ts';
import { parse } from '../../src/lint/parse.ts';
import type { Flag, Instruction, Word } from '../../src/lint/syntax.ts';
import { splitQuoted } from '../../src/lint/words.ts';
import { lineStarts, positionAt } from '../../src/report/position.ts';
import { shared } from '../support/shared.ts';

interface Case {
  readonly kind: string;
  readonly case: string;
  readonly [field: string]: unknown;
}

const path = shared('parser-cases/cases.jsonl');
const cases: Case[] = path
  ? readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
const of = <T>(kind: string) => cases.filter((record) => record.kind === kind) as (Case & T)[];
const read = (text: string) => parse({ path: 'Dockerfile', text });
const codes = (text: string) => read(text).problems.map(({ code }) => code);

describe.skipIf(!path)("BuildKit's parser cases", () => {
  it('are all there', () => expect(cases).toHaveLength(408));

  it.each(of<{ dockerfile: string; result: string }>('dump'))('dump: $case', ({ dockerfile, result }) => {
    const { instructions } = read(dockerfile);
    expect(instructions.map((instruction) => dump(dockerfile, instruction))).toEqual(expectedDump(result));
  });

  it.each(of<{ dockerfile: string }>('error'))('error: $case', ({ dockerfile }) => {
    expect(codes(dockerfile).filter((code) => code !== 'no-from')).not.toEqual([]);
  });

  it.each(of<{ dockerfile: string; lines: [number, number][] }>('lines'))('lines: $case', ({ dockerfile, lines }) => {
    const starts = lineStarts(dockerfile);
    const found = read(dockerfile).instructions.map(({ span }) => [
      positionAt(starts, span.start).line,
      positionAt(starts, span.end).line,
    ]);
    expect(found).toEqual(lines);
  });

  it.each(of<{ dockerfile: string; heredocs: object[][] }>('heredocs'))(
    'heredocs: $case',
    ({ dockerfile, heredocs }) => {
      const found = read(dockerfile).instructions.map((instruction) =>
        ('heredocs' in instruction ? instruction.heredocs : []).map(({ name, expand, chomp, fd, body }) => {
          return { name, content: dockerfile.slice(body.start, body.end), expand, chomp, fd };
        }),
      );
      expect(found).toEqual(heredocs);
    },
  );

  it.each(of<{ word: string; name: string | null }>('heredoc-word'))('heredoc word: $case', ({ word, name }) => {
    const found = readHeredocWord(word);
    expect(found === 'invalid' ? 'error' : (found?.name ?? null)).toBe(name);
  });

  it.each(of<{ line: string; names: string[] }>('heredocs-from-line'))(
    'heredocs of a line: $case',
    ({ line, names }) => {
      expect(heredocWords(line).map(({ name }) => name)).toEqual(names);
    },
  );

  it.each(of<{ dockerfile: string; warnings: number }>('empty-continuation'))(
    '$kind: $case',
    ({ dockerfile, warnings }) => {
      expect(codes(dockerfile).filter((code) => code === 'empty-continuation')).toHaveLength(warnings);
    },
  );

  it.each(of<{ json: string; values: string[] | 'error' }>('json-array'))('JSON: $case', ({ json, values }) => {
    const form = readJsonForm(json, 0, json.length);
    expect(form?.culprit ? 'error' : form?.elements.map(({ text }) => text)).toEqual(values);
  });

  it.each(of<{ input: string; words: string[] }>('words'))('words: $case', ({ input, words }) => {
    const found = splitQuoted(input, 0, input.length, '\\').map(({ start, end }) => input.slice(start, end));
    expect(found).toEqual(words);
  });

  it.each(
    of<{
      dockerfile: string;
      key: string;
      ok: boolean;
      value: string | null;
      full: string | null;
      line: number | null;
    }>('directive'),
  )('directive: $case', ({ dockerfile, key, ok, value, full, line }) => {
    const found = read(dockerfile).directives.find(({ name }) => name === key);
    expect(found !== undefined).toBe(ok);
    if (!found) return;
    expect(found.value).toBe(value);
    if (full !== null) expect(found.full).toBe(full);
    if (line !== null) expect(positionAt(lineStarts(dockerfile), found.span.start).line).toBe(line);
    expect(dockerfile.slice(found.valueSpan.start, found.valueSpan.end)).toContain(value);
  });

  it.each(of<{ input: string; env: Record<string, string>; result: string }>('env-word'))(
    'word: $case $input',
    ({ input, env, result }) => {
      const { text, error } = expandWord(input, new Map(Object.entries(env)));
      expect(error ? 'error' : text).toBe(result);
    },
  );

  it.each(of<{ input: string; env: Record<string, string>; words: string[] }>('env-words'))(
    'words: $case $input',
    ({ input, env, words }) => {
      const found = expandWords(input, new Map(Object.entries(env)));
      expect(found.error ? ['error'] : found.words).toEqual(words);
    },
  );

  it.each(
    of<{
      input: string;
      env: Record<string, string>;
      result: string;
      isError: boolean;
      matched: string[];
      unmatched: string[];
    }>('env-matches'),
  )('matches: $case $input', ({ input, env, result, isError, matched, unmatched }) => {
    const found = expandWord(input, new Map(Object.entries(env)));
    expect(found.error !== undefined).toBe(isError);
    expect(found.unmatched.toSorted()).toEqual(unmatched);
    if (isError) return;
    expect(found.text).toBe(result);
    expect(found.matched.toSorted()).toEqual(matched);
  });
});

describe.skipIf(!path)('invariants over the dump cases', () => {
  const dumps = [...of<{ dockerfile: string }>('dump'), ...of<{ dockerfile: string }>('heredocs')];

  it.each(dumps)('$case: the items give the file back', ({ dockerfile }) => {
    for (const text of [dockerfile, dockerfile.replaceAll('\n', '\r\n'), `\uFEFF${dockerfile}`]) {
      expect(
        read(text)
          .items.map(({ span }) => text.slice(span.start, span.end))
          .join(''),
      ).toBe(text);
    }
  });

  it.each(dumps)('$case: every word stands where its span says', ({ dockerfile }) => {
    const tree = read(dockerfile);
    for (const { raw, span, json } of tree.instructions.flatMap(wordsOf)) {
      const written = unfold(dockerfile.slice(span.start, span.end), tree.escape);
      expect(json ? JSON.parse(written) : written).toBe(raw);
    }
  });

  it.each(dumps)('$case: CRLF changes nothing but offsets', ({ dockerfile }) => {
    const crlf = dockerfile.replaceAll('\n', '\r\n');
    const dumped = (text: string) => read(text).instructions.map((instruction) => dump(text, instruction));
    expect(dumped(crlf)).toEqual(dumped(dockerfile));
  });

  it.each(dumps)('$case: cut anywhere, the instructions before the cut stay', ({ dockerfile }) => {
    const whole = read(dockerfile).instructions;
    for (let cut = 0; cut < dockerfile.length; cut++) {
      const kept = read(dockerfile.slice(0, cut)).instructions;
      const complete = whole.filter(({ span }) => span.end < cut);
      expect(kept.slice(0, complete.length)).toEqual(complete);
    }
  });
});

interface PlacedWord extends Word {
  readonly json: boolean;
}

function wordsOf(instruction: Instruction): PlacedWord[] {
  if (instruction.keyword === 'ONBUILD') return instruction.instruction ? wordsOf(instruction.instruction) : [];
  const json = 'form' in instruction && instruction.form === 'exec';
  const placed = (words: readonly (Word | undefined)[]) =>
    words.filter((word) => word !== undefined).map((word) => ({ ...word, json }));
  if ('pairs' in instruction) return placed(instruction.pairs.flatMap(({ key, value }) => [key, value]));
  if ('sources' in instruction) return placed([...instruction.sources, instruction.target]);
  if ('words' in instruction) return placed(instruction.words);
  return placed([instruction.image, instruction.name]);
}

/** Takes continuations out of a piece of a file: the slow way, to check the quick one. */
function unfold(text: string, character: '\\' | '`'): string {
  const mark = character === '`' ? '`' : '\\\\';
  const comments = /\n[ \t]*#.*(?=\n)|\n[ \t]*(?=\n)/g;
  return text
    .replace(new RegExp(`${mark}[ \\t]*(?=\\n)`, 'g'), '\0')
    .replace(comments, '')
    .replace(/\0\n/g, '');
}

/** The reader of the expected dump: Go's quoting is JSON's but for a few escapes. */
function expectedDump(result: string): unknown[] {
  return result.split('\n').filter(Boolean).map(parseDumpLine);
}

function parseDumpLine(line: string): unknown[] {
  const inner = /^\(onbuild (\(.*\))\)$/.exec(line);
  if (inner) return ['onbuild', parseDumpLine(inner[1] as string)];
  const [, keyword, rest = ''] = /^\((\S+?)(?: (.*))?\)$/.exec(line) as RegExpExecArray;
  const strings = (text: string) => (text.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map(unquoteGo);
  const flags = /^\[((?:"(?:[^"\\]|\\.)*" ?)*)\] ?/.exec(rest);
  const args = strings(flags ? rest.slice(flags[0].length) : rest);
  return flags ? [keyword, strings(flags[1] as string), ...args] : [keyword, ...args];
}

function unquoteGo(text: string): string {
  const escapes = text.replace(/\\(x[0-9a-f]{2}|[av])/g, (_, code: string) => {
    if (code === 'a') return '\\u0007';
    return code === 'v' ? '\\u000b' : `\\u00${code.slice(1)}`;
  });
  return JSON.parse(escapes) as string;
}

/** What BuildKit's parser would hand on; every argument is also checked against its place in the file. */
function dump(text: string, instruction: Instruction): unknown[] {
  const { keyword, keywordSpan, flags } = instruction;
  const head: unknown[] = [
    text.slice(keywordSpan.start, keywordSpan.end).toLowerCase(),
    ...(flags.length > 0 ? [flags.map(flagText)] : []),
  ];
  const words = (list: readonly { raw: string }[]) => list.map(({ raw }) => raw);
  switch (instruction.keyword) {
    case 'FROM':
      return [...head, ...words([instruction.image, instruction.name].filter((word) => word !== undefined))];
    case 'COPY':
    case 'ADD':
      return [...head, ...words([...instruction.sources, ...(instruction.target ? [instruction.target] : [])])];
    case 'ENV':
    case 'LABEL': {
      const separator = instruction.equals ? '=' : '';
      return [...head, ...instruction.pairs.flatMap(({ key, value }) => [key.raw, value?.raw, separator])];
    }
    case 'ARG':
      return [...head, ...instruction.pairs.map(({ key, value }) => (value ? `${key.raw}=${value.raw}` : key.raw))];
    case 'ONBUILD':
      return [...head, ...(instruction.instruction ? [dump(text, instruction.instruction)] : [])];
    case 'UNKNOWN':
      return [...head, ''];
    default: {
      const type = 'type' in instruction && instruction.type ? [instruction.type.raw] : [];
      const script = 'script' in instruction && instruction.script ? [instruction.script.text] : [];
      expect(keyword).not.toBe('UNKNOWN');
      return [...head, ...type, ...words(instruction.words), ...script];
    }
  }
}

function flagText({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name}=${value}`;
}
