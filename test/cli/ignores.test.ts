import { describe, expect, test } from 'vitest';
import { dlint } from '../support/cli.ts';

/** What is left of a text, as `line rule`. */
function left(input: string, ...args: readonly string[]): string[] {
  const { stdout, stderr } = dlint(['lint', '-', '-f', 'json', ...args], { input });
  expect(stderr).toBe('');
  const [file] = JSON.parse(stdout).files as { findings: { rule: string; range: { start: { line: number } } }[] }[];
  return (file?.findings ?? []).map(({ rule, range }) => `${range.start.line} ${rule}`);
}

const rules = ['--select', 'pip-cache,apt-yes,apt-lists,base-image-latest,unused-ignore,shell-form-command'];

describe('comments that are there already', () => {
  test('hadolint ignore= is for the next instruction', () => {
    const text = 'FROM python:3\n# hadolint ignore=DL3042\nRUN pip install a\nRUN pip install b\n';
    expect(left(text, ...rules)).toEqual(['4 pip-cache']);
  });

  test('stacked ones add up, with comments between them', () => {
    const text =
      'FROM python:3\n# hadolint ignore=DL3042\n# because\n# hadolint ignore=DL3014,DL3009 # why\nRUN apt-get update && apt-get install x && pip install a\n';
    expect(left(text, ...rules)).toEqual([]);
  });

  test('global is for the file, wherever it stands', () => {
    const text =
      'FROM python:3\nRUN pip install a\n# hadolint global ignore=DL3042\nFROM python:3\nRUN pip install b\n';
    expect(left(text, ...rules)).toEqual([]);
  });

  test('stage is for its stage', () => {
    const text =
      '# hadolint stage ignore=DL3042\nFROM python:3 AS a\nRUN pip install a\nFROM python:3\nRUN pip install b\n';
    expect(left(text, ...rules)).toEqual(['5 pip-cache']);
  });

  test('check=skip= is for the file, by the names of BuildKit or all', () => {
    const text = (skip: string) => `# check=skip=${skip}\nFROM python:3\nRUN pip install a\nCMD python\n`;
    expect(left(text('JSONArgsRecommended'), ...rules)).toEqual(['3 pip-cache']);
    expect(left(text('jsonargsrecommended;error=true'), ...rules)).toEqual(['3 pip-cache']);
    expect(left(text('all'), ...rules)).toEqual([]);
  });

  test('on ONBUILD, on FROM and inside a continuation', () => {
    expect(left('FROM python:3\n# hadolint ignore=DL3042\nONBUILD RUN pip install a\n', ...rules)).toEqual([]);
    expect(left('# hadolint ignore=DL3007\nFROM python:latest\n', ...rules)).toEqual([]);
    expect(left('FROM python:3\nRUN x && \\\n  # hadolint ignore=DL3042\n  pip install a\n', ...rules)).toEqual([]);
  });

  test('unused ones are found, codes of what does not run are not', () => {
    const text =
      '# check=skip=JSONArgsRecommended\n# hadolint global ignore=DL3007\nFROM python:3\n# hadolint ignore=DL3042,SC2086,DL3059,DL9999\nRUN echo $x\n';
    const strict = ['--preset', 'strict'];
    expect(left(text, ...rules, ...strict)).toEqual(['1 unused-ignore', '2 unused-ignore', '4 unused-ignore']);
    // hadolint and BuildKit may see something there.
    expect(left(text, ...rules)).toEqual([]);
  });
});

describe('--build-arg', () => {
  const text = 'ARG TAG=3\nARG NAME=python\nFROM ${NAME}:$TAG\nRUN pip install a\n';

  test('is what FROM sees', () => {
    expect(left(text, '--select', 'base-image-latest')).toEqual([]);
    expect(left(text, '--select', 'base-image-latest', '--build-arg', 'TAG=latest')).toEqual(['3 base-image-latest']);
    const both = ['--build-arg', 'TAG=latest', '--build-arg', 'TAG=3'];
    expect(left(text, '--select', 'base-image-latest', ...both)).toEqual([]);
  });

  test('is what a stage sees, where it has the ARG', () => {
    const stage = (arg: string) => `FROM python:3\n${arg}\nENV PIP_NO_CACHE_DIR=$OFF\nRUN pip install a\n`;
    const given = ['--select', 'pip-cache', '--build-arg', 'OFF=1'];
    expect(left(stage('ARG OFF=0'), ...given)).toEqual([]);
    expect(left(stage('ARG OFF=0'), '--select', 'pip-cache')).toEqual(['4 pip-cache']);
  });
});

describe('--preset', () => {
  const text = 'FROM debian:13\nRUN apt-get update && apt-get install -y x\nCMD run\n';
  const levels = (...args: readonly string[]) => {
    const { stdout } = dlint(['lint', '-', '-f', 'json', ...args], { input: text });
    const [file] = JSON.parse(stdout).files as { findings: { rule: string; severity: string }[] }[];
    return new Map((file?.findings ?? []).map(({ rule, severity }) => [rule, severity]));
  };

  test('chooses rules and their severities', () => {
    expect(levels()).not.toContain('apt-unpinned');
    expect(levels('--preset', 'strict').get('apt-unpinned')).toBe('warning');
    expect(levels('--preset', 'hadolint').get('apt-unpinned')).toBe('warning');
    expect([...levels('--preset', 'buildkit')]).toEqual([['shell-form-command', 'warning']]);
    expect(levels('--preset', 'all').size).toBeGreaterThan(levels('--preset', 'strict').size - 1);
    expect([...levels('--preset', 'recommended')]).toEqual([...levels()]);
  });

  test('--select and --ignore choose among its rules', () => {
    expect([...levels('--preset', 'hadolint', '--select', 'DL3008,sudo')]).toEqual([['apt-unpinned', 'warning']]);
    expect(levels('--preset', 'hadolint', '--ignore', 'DL3008').get('apt-unpinned')).toBeUndefined();
    expect([...levels('--preset', 'buildkit', '--select', 'apt-unpinned').keys()]).toEqual(['apt-unpinned']);
  });

  test('dlint rules --preset lists what it switches on', () => {
    const listed = (preset: string) =>
      (
        JSON.parse(dlint(['rules', '--preset', preset, '-f', 'json']).stdout).rules as {
          id: string;
          severity: string;
        }[]
      ).map(({ id, severity }) => `${id} ${severity}`);
    expect(listed('hadolint')).toContain('apt-unpinned warning');
    expect(listed('hadolint').filter((line) => line.endsWith(' off'))).toEqual([]);
    expect(listed('buildkit')).toContain('stage-name-case warning');
    expect(listed('buildkit')).not.toContain('apt-unpinned warning');
    expect(dlint(['rules', '--preset', 'hadolint']).stdout).toMatch(/^apt-unpinned +warning/m);
  });

  test('one that there is not is a usage error', () => {
    const { stderr, status } = dlint(['lint', '--preset', 'loose']);
    expect(stderr).toMatch(/^error .*loose/);
    expect(stderr).toContain('recommended');
    expect(status).toBe(2);
  });
});
