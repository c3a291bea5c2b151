import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import { analyze } from '../../src/lint/semantic.ts';
import { ShellCheck } from '../../src/shellcheck.ts';
import { dlint, folder } from '../support/cli.ts';

const hasShellCheck = spawnSync('shellcheck', ['--version']).status === 0;

const text = `FROM debian:13
ARG packages
RUN apt-get update \\
    # what is asked for
    && apt-get install -y $packages \\
    && echo \`date\`
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN [[ -f /x ]] || echo "$packages"
RUN <<EOF
# shellcheck disable=SC2086
ls $packages
ls $PWD
EOF
`;

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly url: string | null;
  readonly range: { readonly start: { readonly line: number; readonly column: number } };
}

function findings(input: string, ...args: readonly string[]): readonly Found[] {
  const { stdout, stderr } = dlint(['lint', '-', '--shellcheck', '-f', 'json', ...args], { input });
  expect(stderr).toBe('');
  return JSON.parse(stdout).files[0].findings;
}

const places = (found: readonly Found[]) =>
  found
    .filter(({ rule }) => /^SC/.test(rule))
    .map(({ rule, range: { start } }) => `${start.line}:${start.column} ${rule}`);

// Debian: apt-get install shellcheck.
describe.skipIf(!hasShellCheck)('--shellcheck', () => {
  test('reports at the place, with the page', () => {
    const found = findings(text);
    expect(places(found)).toEqual(expect.arrayContaining(['5:27 SC2086', '6:13 SC2006', '6:13 SC2046']));
    expect(places(found).filter((place) => /^(8|1[0-2]):/.test(place))).toEqual([]);
    const quote = found.find(({ rule }) => rule === 'SC2086');
    expect(quote).toMatchObject({ severity: 'info', url: 'https://www.shellcheck.net/wiki/SC2086' });
    const { stdout } = dlint(['lint', '-', '--shellcheck', '--select', 'SC2086'], { input: text });
    expect(stdout).toContain('&& apt-get install -y "$packages"');
    expect(stdout).toContain('read about a rule   https://www.shellcheck.net/wiki/SC2086');
  });

  test('only where it is asked for', () => {
    const { stdout } = dlint(['lint', '-', '--preset', 'all', '-f', 'json'], { input: text });
    expect(places(JSON.parse(stdout).files[0].findings)).toEqual([]);
  });

  test('codes are selected, ignored and silenced as rules are', () => {
    expect(places(findings(text, '--select', 'SC2006'))).toEqual(['6:13 SC2006']);
    expect(places(findings(text, '--select', 'pip-cache'))).toEqual([]);
    expect(places(findings(text, '--ignore', 'sc2006,SC2046,SC2005'))).toEqual(['5:27 SC2086']);
    const silenced = text.replace(
      'RUN apt',
      '# hadolint ignore=SC2006,SC2046,SC2005,SC2002\n# dlint-ignore SC2086: words\nRUN apt',
    );
    expect(findings(silenced, '--select', 'all').filter(({ rule }) => /^SC|unused/.test(rule))).toMatchObject([
      { rule: 'unused-ignore', range: { start: { line: 3, column: 40 } } },
    ]);
  });

  test('--fix makes the safe repairs, --fix-unsafe the others, beside those of rules', () => {
    const fix = (flag: string) =>
      dlint(['lint', '-', '--shellcheck', flag, '--select', 'SC2006,SC2086,pip-cache'], {
        input: 'FROM a:1\nRUN pip install x && \\\n    echo `date` $y\n',
      }).stdout;
    expect(fix('--fix')).toBe('FROM a:1\nRUN pip install --no-cache-dir x && \\\n    echo $(date) $y\n');
    expect(fix('--fix-unsafe')).toBe('FROM a:1\nRUN pip install --no-cache-dir x && \\\n    echo $(date) "$y"\n');
  });

  test('one process for all files, and nothing stays behind', () => {
    const { path, remove } = folder({
      'a/Dockerfile': 'FROM a:1\nRUN echo $x\n',
      'b/Dockerfile': 'FROM a:1\nRUN echo $y\nRUN echo $x\n',
      'bin/shellcheck': '',
    });
    const real = spawnSync('sh', ['-c', 'command -v shellcheck'], { encoding: 'utf8' }).stdout.trim();
    const log = join(path, 'log');
    const script = `#!/bin/sh\necho "$*" >> ${log}\nexec ${real} "$@"\n`;
    spawnSync('sh', ['-c', 'cat > bin/shellcheck && chmod +x bin/shellcheck'], { cwd: path, input: script });
    const env = { PATH: `${join(path, 'bin')}:${process.env.PATH}`, TMPDIR: path, SHELLCHECK_OPTS: '--severity=error' };
    const { stdout } = dlint(['lint', 'a', 'b', '--shellcheck', '--select', 'SC2086', '-f', 'json'], {
      cwd: path,
      env,
    });
    const files = JSON.parse(stdout).files as { findings: readonly Found[] }[];
    expect(files.map((file) => places(file.findings))).toEqual([['2:10 SC2086'], ['2:10 SC2086', '3:10 SC2086']]);
    const runs = readFileSync(log, 'utf8').trim().split('\n');
    expect(runs).toHaveLength(1);
    // The script that two files have is read once.
    expect(runs[0]?.match(/\.sh\b/g)).toHaveLength(2);
    expect(readdirSync(path).filter((name) => name.startsWith('dlint-'))).toEqual([]);
    remove();
  });
});

describe('bounds', () => {
  const long = `FROM a\nRUN <<EOF\n${'x\n'.repeat(60_000)}EOF\nRUN y\n`;

  test.skipIf(!hasShellCheck)('a script that is too long is left out, and told of once', () => {
    const { stdout, stderr } = dlint(['lint', '-', '--shellcheck', '--stdin-name', 'D', '-f', 'json'], { input: long });
    expect(JSON.parse(stdout).files).toHaveLength(1);
    expect(stderr).toBe(
      'note   D:3: a script was left out: it has 120,000 characters, and ShellCheck gets none of more than 100,000\n',
    );
  });

  test('a process that does not end is ended', async () => {
    const { path, remove } = folder({});
    const body = '#!/bin/sh\nexec sleep 60\n';
    spawnSync('/bin/sh', ['-c', 'cat > shellcheck && chmod +x shellcheck'], { cwd: path, input: body });
    vi.stubEnv('PATH', `${path}:/usr/bin:/bin`);
    const source = (run: string) => ({ path: 'Dockerfile', text: `FROM a:1\n\nRUN ${run}\n` });
    const options = { ignored: new Set<string>(), analyze: {}, time: 100 };
    const checker = new ShellCheck(options);
    const stopped = /^shellcheck was stopped: it did not end within 1 s$/;
    await expect(checker.prepare([source('x')])).rejects.toThrow(stopped);
    await expect(checker.prepare([source('x'), source('y')])).rejects.toMatchObject({
      code: 'E_PROGRAM',
      where: 'Dockerfile:3 and 1 other script',
    });
    expect(() => [...checker.check(analyze(parse(source('z'))))]).toThrow(stopped);
    vi.unstubAllEnvs();
    remove();
  });
});

describe('without it', () => {
  test('asking for it is an error that names the package', () => {
    const { stdout, stderr, status } = dlint(['lint', '-', '--shellcheck'], { input: text, env: { PATH: '/nowhere' } });
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toMatch(
      /^error {2}shellcheck is not installed\nwhere {2}--shellcheck\ntry {4}apt-get install shellcheck/,
    );
    const none = dlint(['lint', '-', '--shellcheck'], { input: 'FROM a:1\n', env: { PATH: '/nowhere' } });
    expect(none.status).toBe(2);
  });

  test('its codes cannot be selected, and explain says where they are told', () => {
    const selected = dlint(['lint', '-', '--select', 'SC2086'], { input: text });
    expect(selected.stderr).toMatch(/^error {2}SC2086 is a code of ShellCheck.*\nwhere .*\ntry {4}add --shellcheck\n/);
    expect(selected.status).toBe(2);
    expect(dlint(['lint', '-', '--ignore', 'SC2086'], { input: text }).stderr).toBe('');
    expect(dlint(['explain', 'sc2086']).stderr).toContain('https://www.shellcheck.net/wiki/SC2086');
  });

  test('a program that fails, or writes something else, is an error', () => {
    const { path, remove } = folder({});
    const fake = (body: string) => {
      spawnSync('/bin/sh', ['-c', 'cat > shellcheck && chmod +x shellcheck'], {
        cwd: path,
        input: `#!/bin/sh\n${body}\n`,
      });
      return dlint(['lint', '-', '--shellcheck'], { input: text, env: { PATH: `${path}:/usr/bin:/bin` } });
    };
    const old = fake('echo "Unknown format json1" >&2; exit 4');
    expect(old.status).toBe(2);
    expect(old.stderr).toMatch(/^error {2}shellcheck has failed\nwhere {2}Unknown format json1\ntry .*0\.7\.0/);
    expect(fake('echo "[]"').stderr).toMatch(/^error {2}shellcheck has failed\n/);
    expect(fake('kill -9 $$').stderr).toMatch(/^error {2}shellcheck has failed\n/);
    remove();
  });
});
