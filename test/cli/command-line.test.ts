import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/command-line.ts';

describe('readCommandLine', () => {
  test('reads flags, lists and arguments in any order', () => {
    expect(readCommandLine(['lint', 'a', '-f', 'json', '--fix', 'b', '--format=text=x.txt', '--', '--c'])).toEqual({
      command: 'lint',
      args: ['a', 'b', '--c'],
      flags: { format: ['json', 'text=x.txt'], fix: true },
    });
  });

  test('keeps what stands behind the first equals sign', () => {
    expect(readCommandLine(['lint', '--build-arg=A=b=c'])?.flags).toEqual({ 'build-arg': ['A=b=c'] });
  });

  test('a dash alone is an argument', () => {
    expect(readCommandLine(['lint', '-'])).toEqual({ command: 'lint', args: ['-'], flags: {} });
  });

  test.each([
    [[]],
    [['--help']],
    [['--version']],
    [['lnt']],
    [['toString']],
    [['lint', '--help']],
    [['lint', '-h']],
    [['lint', '--no-such-flag']],
    [['lint', '--toString']],
    [['lint', '-ftext']],
    [['lint', '--fix=true']],
    [['lint', '--format']],
    [['lint', '--format=']],
    [['lint', '--format', '--fix']],
    [['lint', '--fail-on', 'fatal']],
    [['lint', '--fail-on', 'info', '--fail-on', 'error']],
    [['inspect']],
    [['inspect', 'a.tar', 'b.tar']],
    [['rules', 'extra']],
  ])('leaves %j to oclif', (argv) => {
    expect(readCommandLine(argv)).toBeUndefined();
  });
});
