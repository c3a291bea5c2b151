import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPatch } from '../../src/changed-lines.ts';
import { dlint, folder } from '../support/cli.ts';

let cwd = '';
let remove = (): void => {};

beforeEach(() => {
  ({ path: cwd, remove } = folder({}));
});
afterEach(() => remove());

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
};
const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
const run = (...args: string[]) => dlint(['lint', ...args], { cwd });
/** `path:line:column: severity rule` of each finding. */
const found = (...args: string[]): string[] =>
  run('-f', 'compact', '--preset', 'all', '--select', 'sudo,run-cd,pip-cache', ...args)
    .stdout.split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^(\S+:\d+:\d+: \w+ [\w-]+).*/, '$1'));
const only = ['--preset', 'all', '--select', 'sudo'];

const two = 'FROM a:1\nRUN sudo a\nRUN sudo b\n';

describe('--baseline', () => {
  const update = (...args: string[]) => run('--baseline', 'known.json', '--update-baseline', ...args);
  const summary = (...args: string[]) =>
    JSON.parse(run('-f', 'json', '--baseline', 'known.json', ...args).stdout).summary;

  test('known findings are left out and counted; only new ones fail', () => {
    write('Dockerfile', two);
    expect(update()).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^note {3}known.json: \d+ findings written$/m),
    });
    const clean = run('--baseline', 'known.json');
    expect(clean).toMatchObject({ status: 0, stderr: '' });
    expect(clean.stdout).toMatch(/^1 file, nothing to report; \d+ of the baseline left out\n$/);
    write('Dockerfile', `${two}RUN sudo c\n`);
    const next = run('--baseline', 'known.json', '-f', 'compact');
    expect(next.status).toBe(1);
    expect(next.stdout).toMatch(/^Dockerfile:4:5: warning sudo /);
    expect(next.stdout.trim().split('\n')).toHaveLength(1);
  });

  test('holds when lines move, and counts what repeats', () => {
    write('Dockerfile', 'FROM a:1\nRUN sudo a\nRUN sudo a\n');
    update();
    write('Dockerfile', '# one\n\nFROM a:1\nRUN echo between\nRUN   sudo   a\nRUN sudo a\n');
    expect(found('--baseline', 'known.json')).toEqual([]);
    write('Dockerfile', 'FROM a:1\nRUN sudo a\nRUN sudo a\nRUN sudo a\n');
    expect(found('--baseline', 'known.json')).toEqual(['Dockerfile:4:5: warning sudo']);
  });

  test('of several alike, the one is new whose line was not there; an edited line is known', () => {
    write('Dockerfile', 'FROM a:1\nRUN sudo a\nRUN sudo b\n');
    update();
    write('Dockerfile', 'FROM a:1\nRUN sudo new\nRUN sudo a\nRUN sudo b\n');
    expect(found('--baseline', 'known.json')).toEqual(['Dockerfile:2:5: warning sudo']);
    write('Dockerfile', 'FROM a:1\nRUN sudo edited\nRUN sudo b\n');
    expect(found('--baseline', 'known.json')).toEqual([]);
  });

  test('holds for a file that was moved or renamed, and for no other', () => {
    const three = 'FROM a:1\nRUN sudo a\nRUN sudo b\nRUN sudo c\n';
    write('a/Dockerfile', three);
    write('b/Dockerfile', 'FROM b:1\nRUN sudo x\n');
    update();
    rmSync(join(cwd, 'a'), { recursive: true });
    write('moved/Dockerfile', `${three}RUN sudo more\n`);
    expect(found('--baseline', 'known.json')).toEqual(['moved/Dockerfile:5:5: warning sudo']);
    expect(run('--baseline', 'known.json', '--select', 'sudo').stderr).toBe('');
    renameSync(join(cwd, 'moved/Dockerfile'), join(cwd, 'moved/web.dockerfile'));
    expect(found('--baseline', 'known.json')).toEqual(['moved/web.dockerfile:5:5: warning sudo']);
    // Copied: the first one is not gone.
    write('copy/Dockerfile', 'FROM b:1\nRUN sudo x\n');
    expect(found('--baseline', 'known.json')).toContain('copy/Dockerfile:2:5: warning sudo');
    // One common mistake is no sign of a renamed file.
    rmSync(join(cwd, 'b'), { recursive: true });
    rmSync(join(cwd, 'copy'), { recursive: true });
    write('other/new.dockerfile', 'FROM b:1\nRUN sudo x\n');
    expect(found('--baseline', 'known.json')).toContain('other/new.dockerfile:2:5: warning sudo');
    update();
    expect(Object.keys(JSON.parse(read('known.json')).files)).toEqual(['moved/web.dockerfile', 'other/new.dockerfile']);
  });

  test('says what is gone, of the rules that ran, and of files that are gone', () => {
    write('Dockerfile', two);
    write('x/Dockerfile', two);
    update();
    write('Dockerfile', 'FROM a:1\nRUN sudo a\n');
    const { stderr } = run('--baseline', 'known.json', ...only);
    expect(stderr).toBe('note   known.json: 1 finding fixed: run dlint lint --update-baseline\n');
    expect(summary(...only)).toMatchObject({ known: 3, gone: 1, findings: 0 });
    expect(summary('--preset', 'all', '--select', 'run-cd').gone).toBe(0);
    expect(summary('x', ...only).gone).toBe(0);
    rmSync(join(cwd, 'x'), { recursive: true });
    expect(run('--baseline', 'known.json', ...only).stderr).toMatch(/known.json: \d findings fixed/);
    update();
    expect(run('--baseline', 'known.json', ...only).stderr).toBe('');
  });

  test('an update is stable, and keeps what was not linted', () => {
    write('b/Dockerfile', two);
    write('a/Dockerfile', two);
    update();
    const before = read('known.json');
    update('b');
    expect(read('known.json')).toBe(before);
    const { schema, files } = JSON.parse(before);
    expect(schema).toBe('dlint-baseline/1');
    expect(Object.keys(files)).toEqual(['a/Dockerfile', 'b/Dockerfile']);
    write('a/Dockerfile', `FROM a:1@sha256:${'0'.repeat(64)}\n`);
    const known = read('known.json');
    run('a', '--baseline', 'known.json', '--update-baseline', '--preset', 'hadolint');
    expect(Object.keys(JSON.parse(read('known.json')).files)).not.toEqual(Object.keys(JSON.parse(known).files));
  });

  test('holds from any folder, and for absolute paths', () => {
    write('a/Dockerfile', two);
    update();
    const inside = dlint(['lint', '--baseline', '../known.json'], { cwd: join(cwd, 'a') });
    expect(inside).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing to report') });
    expect(run(join(cwd, 'a/Dockerfile'), '--baseline', join(cwd, 'known.json')).status).toBe(0);
  });

  test('the configuration names one, relative to itself', () => {
    write('.git/HEAD', '');
    write('.dlint.yaml', 'baseline: lint/known.json\n');
    write('app/Dockerfile', two);
    mkdirSync(join(cwd, 'lint'));
    expect(run('--update-baseline').status).toBe(0);
    expect(Object.keys(JSON.parse(read('lint/known.json')).files)).toEqual(['../app/Dockerfile']);
    expect(dlint(['lint'], { cwd: join(cwd, 'app') }).status).toBe(0);
    expect(run('--no-config').status).toBe(1);
  });

  test('--fix repairs what is reported', () => {
    write('Dockerfile', 'FROM a:1\nRUN pip install x==1\n');
    update();
    write('Dockerfile', 'FROM a:1\nRUN pip install x==1\nRUN pip install y==2\n');
    run('--baseline', 'known.json', '--fix', '--select', 'pip-cache');
    expect(read('Dockerfile')).toBe('FROM a:1\nRUN pip install x==1\nRUN pip install --no-cache-dir y==2\n');
  });

  test.each([
    ['', 'E_CONFIG'],
    ['{"schema":"other"}', 'E_CONFIG'],
    ['{"schema":"dlint-baseline/1","files":{"a":3}}', 'E_CONFIG'],
    ['{"schema":"dlint-baseline/1","files":{"a":[{"rule":"x"}]}}', 'E_CONFIG'],
    ['<<<<<<< HEAD\n', 'E_CONFIG'],
    ['null', 'E_CONFIG'],
  ])('%j is told of', (text) => {
    write('Dockerfile', two);
    write('known.json', text);
    const { status, stderr, stdout } = run('--baseline', 'known.json');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error {2}known.json is not a baseline of dlint\n/);
    expect(update().status).toBe(0);
  });

  test('what makes no sense is told of', () => {
    write('Dockerfile', two);
    expect(run('--baseline', 'none.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('none.json does not exist'),
    });
    expect(run('--update-baseline')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no baseline to update'),
    });
    expect(update('--select', 'sudo')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('do not go together'),
    });
  });
});

const hasGit = spawnSync('git', ['--version']).status === 0;

describe.skipIf(!hasGit)('--since, --changed', () => {
  const git = (...args: string[]): void => {
    const own = ['-c', 'user.name=n', '-c', 'user.email=n@example.org', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...own, ...args], { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const commit = (): void => {
    git('add', '-A');
    git('commit', '-qm', 'change');
  };

  beforeEach(() => {
    git('init', '-q', '-b', 'main');
    write('Dockerfile', two);
    write('other/Dockerfile', two);
    commit();
  });

  test('lines that are staged, not staged, and files that are new', () => {
    expect(found('--changed')).toEqual([]);
    write('Dockerfile', '# one\nFROM a:1\nRUN sudo a\nRUN sudo changed\n');
    git('add', 'Dockerfile');
    write('Dockerfile', '# one\nFROM a:1\nRUN sudo a\nRUN sudo changed\nRUN sudo more\n');
    write('new/Dockerfile', two);
    expect(found('--changed')).toEqual([
      'Dockerfile:4:5: warning sudo',
      'Dockerfile:5:5: warning sudo',
      'new/Dockerfile:2:5: warning sudo',
      'new/Dockerfile:3:5: warning sudo',
    ]);
    const { summary } = JSON.parse(run('-f', 'json', '--changed', ...only).stdout);
    expect(summary).toMatchObject({ findings: 4, unchanged: 3, known: 0 });
    expect(run('--changed', ...only).stdout).toContain('; 3 on unchanged lines left out');
  });

  test('from where a branch parted, not from where it is now', () => {
    git('checkout', '-q', '-b', 'topic');
    write('Dockerfile', 'FROM a:1\nRUN sudo a\nRUN sudo topic\n');
    commit();
    git('checkout', '-q', 'main');
    write('other/Dockerfile', 'FROM a:1\nRUN sudo main\nRUN sudo b\n');
    commit();
    git('checkout', '-q', 'topic');
    expect(found('--since', 'main')).toEqual(['Dockerfile:3:5: warning sudo']);
  });

  test('a renamed file keeps its lines', () => {
    write('Dockerfile', `${two}${'# a comment\n'.repeat(20)}`);
    commit();
    renameSync(join(cwd, 'Dockerfile'), join(cwd, 'app.Dockerfile'));
    write('app.Dockerfile', `${read('app.Dockerfile')}RUN sudo more\n`);
    git('add', '-A');
    expect(found('--changed')).toEqual(['app.Dockerfile:24:5: warning sudo']);
  });

  test('where lines were taken away, what is around counts', () => {
    write('Dockerfile', 'FROM a:1\nRUN sudo a && \\\n  true && \\\n  true\nRUN sudo b\nRUN sudo c\n');
    commit();
    write('Dockerfile', 'FROM a:1\nRUN sudo a && \\\n  true\nRUN sudo b\nRUN sudo c\n');
    expect(found('--changed')).toEqual(['Dockerfile:2:5: warning sudo']);
  });

  test('names with blanks, quotes and letters of all kinds; links; a subfolder as working directory', () => {
    const names = ['a b/Dockerfile', 'q"uo\\te/Dockerfile', 'ü\t/Dockerfile', '-x/Dockerfile'];
    for (const name of names) write(name, two);
    commit();
    for (const name of names) write(name, `${two}RUN sudo c\n`);
    const places = JSON.parse(run('-f', 'json', '--changed', ...only).stdout).files;
    const changed = places.filter(({ findings }: { findings: unknown[] }) => findings.length === 1);
    expect(changed.map(({ path }: { path: string }) => path).sort()).toEqual([...names].sort());
    symlinkSync('../a b/Dockerfile', join(cwd, 'other/Link'));
    const inside = dlint(['lint', 'Link', '-f', 'compact', '--changed', ...only], { cwd: join(cwd, 'other') });
    expect(inside.stdout).toMatch(/^Link:4:5: /);
  });

  test('settings of the user change nothing', () => {
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['color.ui', 'always'],
      ['diff.context', '5'],
      ['diff.interHunkContext', '9'],
      ['diff.external', 'false'],
      ['diff.mnemonicPrefix', 'true'],
    ] as const)
      git('config', key, value);
    write('Dockerfile', '# one\nFROM a:1\nRUN sudo a\nRUN sudo changed\n');
    expect(found('--changed')).toEqual(['Dockerfile:4:5: warning sudo']);
  });

  test('a repository without commits: everything is new', () => {
    rmSync(join(cwd, '.git'), { recursive: true });
    git('init', '-q');
    git('add', 'Dockerfile');
    expect(found('--changed', 'Dockerfile')).toHaveLength(2);
  });

  test('files of a repository inside do not count', () => {
    mkdirSync(join(cwd, 'sub'));
    spawnSync('git', ['init', '-q'], { cwd: join(cwd, 'sub') });
    write('sub/Dockerfile', two);
    expect(found('--changed')).toEqual([]);
  });

  test('--fix repairs what is reported, round after round', () => {
    write('Dockerfile', 'FROM a:1\nRUN pip install a==1\nRUN true\nRUN pip install c==1\n');
    commit();
    write('Dockerfile', '# first\nFROM a:1\nRUN pip install a==1\nRUN pip install b==1\nRUN pip install c==1\n');
    run('--changed', '--fix', '--select', 'pip-cache');
    expect(read('Dockerfile')).toBe(
      '# first\nFROM a:1\nRUN pip install a==1\nRUN pip install --no-cache-dir b==1\nRUN pip install c==1\n',
    );
  });

  test('a second work tree, a commit that is no branch, a submodule, a clone without history', () => {
    git('checkout', '-q', '-b', 'topic');
    write('Dockerfile', `${two}RUN sudo c\n`);
    commit();
    git('checkout', '-q', '--detach');
    const since = (at: string, ref: string) =>
      dlint(['lint', '-f', 'compact', ...only, '--since', ref], { cwd: join(cwd, at) }).stdout.replace(/ \(.*\n/, '');
    const expected = 'Dockerfile:4:5: warning sudo';
    expect(since('.', 'main')).toBe(expected);
    git('worktree', 'add', '-q', 'tree', 'topic');
    expect(since('tree', 'main')).toBe(expected);
    const local = ['-c', 'protocol.file.allow=always'];
    git(...local, 'clone', '-q', '--branch', 'topic', `file://${cwd}`, 'plain');
    git('init', '-q', 'super');
    git('-C', 'super', ...local, 'submodule', '--quiet', 'add', '-b', 'topic', `file://${cwd}/plain`, 'sub');
    expect(since('super/sub', 'HEAD~1')).toBe(expected);
    git(...local, 'clone', '-q', '--depth', '1', '--no-single-branch', '--branch', 'topic', `file://${cwd}`, 'shallow');
    const shallow = dlint(['lint', '--since', 'origin/main'], { cwd: join(cwd, 'shallow') });
    expect([shallow.status, shallow.stderr]).toEqual([2, expect.stringContaining('a shallow clone?')]);
  });

  test.each([
    [['--since', 'nowhere'], 'git knows no commit nowhere'],
    [['--since', '--output=x'], 'git knows no commit --output=x'],
    [['--since', 'main', '--changed'], 'do not go together'],
    [['--changed', '-'], 'standard input has no lines that changed'],
    [['--changed', '/etc/passwd'], '/etc/passwd is not in this repository'],
  ])('%j: %s', (args, message) => {
    const { status, stderr } = dlint(['lint', ...args], { cwd, input: '' });
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test('without a common commit, without a repository, without git', () => {
    git('checkout', '-q', '--orphan', 'alone');
    write('x', '');
    commit();
    expect(run('--since', 'main').stderr).toContain('no commit in common');
    const without = dlint(['lint', '--changed'], { cwd, env: { PATH: '/nowhere' } });
    expect(without).toMatchObject({ status: 2, stderr: expect.stringContaining('git is not there') });
    rmSync(join(cwd, '.git'), { recursive: true });
    const outside = dlint(['lint', '--changed'], { cwd, env: { GIT_CEILING_DIRECTORIES: dirname(cwd) } });
    expect(outside).toMatchObject({ status: 2, stderr: expect.stringContaining('--changed needs a git repository') });
  });
});

test('a line of a hunk that looks like a header is none', () => {
  const patch =
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n--- a/y\n+++ b/y\n+@@ -1 +9 @@\n@@ -9,2 +10,0 @@\n-a\n-b\n';
  expect([...readPatch(patch)]).toEqual([
    [
      'x',
      [
        [1, 2],
        [10, 11],
      ],
    ],
  ]);
});
