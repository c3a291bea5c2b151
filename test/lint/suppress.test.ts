import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import { parse } from '../../src/lint/parse.ts';
import { defineRule } from '../../src/lint/rule.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { checksAreErrors, shellPragma, suppressions } from '../../src/lint/suppress.ts';
import { cpuTime } from '../support/cpu-time.ts';

function read(text: string) {
  const dockerfile = parse({ path: 'Dockerfile', text });
  return suppressions(dockerfile).map(({ ids, reason, scope, covers }) => ({
    ids: ids.map(({ id, span }) => {
      expect(id === '*' || text.slice(span.start, span.end) === id).toBe(true);
      return id;
    }),
    reason,
    scope,
    covers: text.slice(covers.start, covers.end),
  }));
}

/** Reports every RUN, under three names. */
const everyRun = defineRule({
  id: 'every-run',
  aliases: ['DL0001', 'EveryRun'],
  category: 'style',
  severity: 'info',
  summary: '',
  why: '',
  examples: [],
  *check({ steps }) {
    for (const { instruction } of steps) {
      if (instruction.keyword === 'RUN') yield { at: instruction.span, message: 'a RUN' };
    }
  },
});

function keptLines(text: string): number[] {
  const { findings, suppressed } = lint({ path: 'Dockerfile', text }, ruleSet([everyRun]));
  expect(findings.length + suppressed.length).toBe(text.match(/^(onbuild )?run\b/gim)?.length ?? 0);
  return findings.map(({ location }) =>
    'span' in location ? text.slice(0, location.span.start).split('\n').length : 0,
  );
}

describe('comments', () => {
  it.each([
    ['# dlint-ignore a-b: why not', ['a-b'], 'why not', 'instruction'],
    ['#dlint-ignore a-b,DL3008 , acme/x', ['a-b', 'DL3008', 'acme/x'], undefined, 'instruction'],
    ['# dlint-ignore a-b because of that', ['a-b'], 'because of that', 'instruction'],
    ['# dlint-ignore-file a-b', ['a-b'], undefined, 'file'],
    ['# dlint-ignore-stage a-b: x', ['a-b'], 'x', 'stage'],
    ['# dlint-ignore *', ['*'], undefined, 'instruction'],
    ['# hadolint ignore=DL3008,SC2046 # why', ['DL3008', 'SC2046'], 'why', 'instruction'],
    ['#hadolint ignore = DL3008, DL3009', ['DL3008', 'DL3009'], undefined, 'instruction'],
    ['# hadolint global ignore=DL3008', ['DL3008'], undefined, 'file'],
    ['# hadolint stage ignore=DL3008', ['DL3008'], undefined, 'stage'],
    ['# HADOLINT ignore=DL3008', ['DL3008'], undefined, 'instruction'],
  ])('%s', (comment, ids, reason, scope) => {
    expect(read(`FROM a:1\n${comment}\nRUN x\n`)).toMatchObject([{ ids, scope }]);
    expect(read(`FROM a:1\n${comment}\nRUN x\n`)[0]?.reason).toBe(reason);
  });

  it.each(['# dlint-ignores a', '# dlint-ignore', '# see hadolint ignore=DL3008', '# hadolint ignore'])(
    '%s is none',
    (comment) => {
      expect(read(`FROM a:1\n${comment}\nRUN x\n`)).toEqual([]);
    },
  );

  it('cover the next instruction, stacked and with others between', () => {
    const text = 'FROM a:1\n# dlint-ignore a\n\n# hello\n# dlint-ignore b\nRUN x \\\n  y\nRUN z\n';
    expect(read(text).map(({ ids, covers }) => [ids, covers])).toEqual([
      [['a'], 'RUN x \\\n  y'],
      [['b'], 'RUN x \\\n  y'],
    ]);
  });

  it('cover the instruction that they stand in', () => {
    expect(read('FROM a:1\nRUN x && \\\n# dlint-ignore a\n  y\n')).toMatchObject([
      { covers: 'RUN x && \\\n# dlint-ignore a\n  y' },
    ]);
    expect(read('FROM a:1\nONBUILD RUN x && \\\n# dlint-ignore a\n  y\n').length).toBe(1);
  });

  it('cover a stage', () => {
    const text = 'FROM a:1\nRUN a\n# dlint-ignore-stage a\nFROM b:1\nRUN b\n# dlint-ignore-stage b\nRUN c\nFROM c:1\n';
    expect(read(text).map(({ covers }) => covers)).toEqual(
      Array(2).fill('FROM b:1\nRUN b\n# dlint-ignore-stage b\nRUN c\n'),
    );
  });

  it('stand at the end for nothing', () => {
    expect(read('FROM a:1\n# dlint-ignore a')).toMatchObject([{ covers: '' }]);
  });
});

describe('directives', () => {
  it('skip checks', () => {
    expect(read('# syntax=docker/dockerfile:1\n# check=skip=A,EveryRun;error=true\nFROM a:1')).toMatchObject([
      { ids: ['A', 'EveryRun'], scope: 'file' },
    ]);
    expect(read('# check=skip=all\nFROM a:1')).toMatchObject([{ ids: ['*'] }]);
    expect(read('# check=error=true\nFROM a:1')).toEqual([]);
    expect(read('FROM a:1\n# check=skip=A')).toEqual([]);
  });

  it('ask for errors', () => {
    const asks = (text: string) => checksAreErrors(parse({ path: '', text }));
    expect(asks('# check=skip=A;error=true\nFROM a:1')).toBe(true);
    expect(asks('# check=skip=A;error=false\nFROM a:1')).toBe(false);
  });
});

describe('findings', () => {
  it.each([
    ['FROM a:1\n# dlint-ignore every-run\nRUN x\nRUN y\n', [4]],
    ['FROM a:1\n# hadolint ignore=dl0001\nRUN x\nRUN y\n', [4]],
    ['# check=skip=everyrun\nFROM a:1\nRUN x\n', []],
    ['FROM a:1\n# dlint-ignore other\nRUN x\n', [3]],
    ['FROM a:1\n# dlint-ignore *\nONBUILD RUN x\nRUN y\n', [4]],
    ['FROM a:1\nRUN x\n# dlint-ignore-stage DL0001\nFROM b:1\nRUN y\n', [2]],
    ['FROM a:1\r\n# dlint-ignore every-run\r\nRUN x\r\n', []],
  ])('of %j stay in lines %j', (text, lines) => {
    expect(keptLines(text)).toEqual(lines);
  });
});

it('shell pragmas name a shell', () => {
  expect(shellPragma('# hadolint shell=/bin/bash')).toBe('/bin/bash');
  expect(shellPragma('# hadolint ignore=x')).toBeUndefined();
});

it('takes linear time', () => {
  const text = `${'# dlint-ignore a\n'.repeat(20_000)}FROM a:1\n${'RUN x\n# dlint-ignore-stage b\n'.repeat(10_000)}`;
  const before = cpuTime();
  expect(read(text).length).toBe(30_000);
  expect(cpuTime() - before).toBeLessThan(4000);
});
