import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { discover, isDockerfileName } from '../../src/discover.ts';
import { dlint, folder } from '../support/cli.ts';
import { cpuTime } from '../support/cpu-time.ts';

const made: { remove(): void }[] = [];
const start = process.cwd();

/** Makes the files and goes there. */
function enter(files: Readonly<Record<string, string>>): string {
  const { path, remove } = folder(files);
  made.push({ remove });
  process.chdir(path);
  return path;
}

afterEach(() => {
  process.chdir(start);
  for (const { remove } of made.splice(0)) remove();
});

describe('isDockerfileName', () => {
  test.each([
    'Dockerfile',
    'dockerfile',
    'DOCKERFILE',
    'Containerfile',
    'Dockerfile.prod',
    'Dockerfile-dev',
    'Dockerfile_ci',
    'Containerfile.base',
    'app.Dockerfile',
    'app.dockerfile',
    'app.containerfile',
    'app-Dockerfile',
    'app.Dockerfile.dev',
    'Dockerfile.alpine3.20',
  ])('%s', (name) => expect(isDockerfileName(name)).toBe(true));

  test.each([
    '.dockerignore',
    'Dockerfile.dockerignore',
    'Dockerfile.md',
    'Dockerfile.j2',
    'Dockerfile.tmpl',
    'Dockerfile.template',
    'Dockerfile~',
    'Dockerfile.orig',
    'dockerfiles',
    'Dockerfilex',
    'docker-compose.yml',
    'Makefile',
    'mydockerfile',
  ])('not %s', (name) => expect(isDockerfileName(name)).toBe(false));
});

describe('discover', () => {
  test('searches a directory in a stable order and skips what is not ours', async () => {
    enter({
      'b/Dockerfile': '',
      'a/Containerfile': '',
      Dockerfile: '',
      'a/README.md': '',
      'node_modules/x/Dockerfile': '',
      'vendor/Dockerfile': '',
      '.git/Dockerfile': '',
      '.hidden/Dockerfile': '',
      '.venv/lib/Dockerfile': '',
      '.terraform/Dockerfile': '',
    });
    expect((await discover(['.'])).files).toEqual([
      '.hidden/Dockerfile',
      'Dockerfile',
      'a/Containerfile',
      'b/Dockerfile',
    ]);
  });

  test('compose and bake files: named, met in a directory, on standard input', async () => {
    enter({
      Dockerfile: '',
      'compose.yaml': '',
      'compose.override.yaml': '',
      'a/docker-compose.prod.yml': '',
      'a/docker-bake.json': '',
      'a/compose.txt': '',
      'ignored/compose.yaml': '',
      '.gitignore': 'ignored\n',
      '.git/HEAD': '',
    });
    const met = (path: string) => ({ path, isNamed: false });
    const { files, buildFiles } = await discover(['.']);
    expect(files).toEqual(['Dockerfile']);
    expect(buildFiles).toEqual([met('a/docker-bake.json'), met('a/docker-compose.prod.yml'), met('compose.yaml')]);
    expect((await discover(['.', 'compose.yaml'])).buildFiles).toContainEqual({ path: 'compose.yaml', isNamed: true });
    expect((await discover(['compose.override.yaml'])).files).toEqual([]);
    expect((await discover(['-'], 'x/docker-bake.json')).buildFiles).toEqual([{ path: '-', isNamed: true }]);
  });

  test('takes a file of any name, once, under the name given first', async () => {
    enter({ 'build.txt': '', 'd/Dockerfile': '' });
    expect((await discover(['build.txt', './build.txt', 'd/Dockerfile', 'd'])).files).toEqual([
      'build.txt',
      'd/Dockerfile',
    ]);
  });

  test('respects .gitignore files, the deeper before the upper', async () => {
    enter({
      '.git/HEAD': '',
      '.gitignore': 'out/\n*.Dockerfile\n',
      'out/Dockerfile': '',
      'x.Dockerfile': '',
      'sub/.gitignore': '!keep.Dockerfile\nDockerfile\n',
      'sub/keep.Dockerfile': '',
      'sub/Dockerfile': '',
      Dockerfile: '',
    });
    expect((await discover(['.'])).files).toEqual(['Dockerfile', 'sub/keep.Dockerfile']);
    expect((await discover(['sub'])).files).toEqual(['sub/keep.Dockerfile']);
    expect((await discover(['x.Dockerfile'])).files).toEqual(['x.Dockerfile']);
  });

  test('expands globs itself', async () => {
    enter({ 'a/Dockerfile': '', 'a/b/Dockerfile.dev': '', 'a/b/other': '' });
    expect((await discover(['**/Dockerfile*'])).files).toEqual(['a/Dockerfile', 'a/b/Dockerfile.dev']);
    expect((await discover(['a/*'])).files).toEqual(['a/Dockerfile']);
    expect((await discover(['a/b/{other,none}'])).files).toEqual(['a/b/other']);
  });

  test('a file whose name has glob characters is a file', async () => {
    enter({ 'Dockerfile[1]': '' });
    expect((await discover(['Dockerfile[1]'])).files).toEqual(['Dockerfile[1]']);
  });

  test('does not follow links to directories, so loops end', async () => {
    const path = enter({ 'a/Dockerfile': '' });
    symlinkSync('..', join(path, 'a/loop'));
    symlinkSync('Dockerfile', join(path, 'a/Dockerfile.link'));
    expect((await discover(['.'])).files).toEqual(['a/Dockerfile']);
  });

  test('a name that is not UTF-8 is told of; the others are linted', () => {
    const path = enter({ Dockerfile: 'FROM a:1\nRUN sudo x\n' });
    writeFileSync(Buffer.concat([Buffer.from(`${path}/Dockerfile.`), Buffer.from([0xff])]), 'FROM a:1\n');
    const { status, stdout, stderr } = dlint(['lint', '-f', 'compact', '--select', 'sudo'], { cwd: path });
    expect([status, stdout.split(' ')[0]]).toEqual([2, 'Dockerfile:2:5:']);
    expect(stderr).toMatch(/the name of Dockerfile\.\S+ is not UTF-8/);
  });

  test('fifty thousand files, with ignore files in every folder, in no time', async () => {
    const files: Record<string, string> = { '.gitignore': 'generated/\n*.log\n' };
    for (let i = 0; i < 500; i++) {
      files[`p${i % 50}/m${i}/.gitignore`] = 'dist\n!keep\nDockerfile.local\n';
      files[`p${i % 50}/m${i}/Dockerfile`] = '';
      files[`p${i % 50}/m${i}/Dockerfile.local`] = '';
      for (let k = 0; k < 7; k++) files[`p${i % 50}/m${i}/src/f${k}.ts`] = '';
    }
    const path = enter(files);
    // Links to one file stand for many: only their names count here.
    for (let i = 0; i < 500; i++)
      for (let k = 0; k < 90; k++) symlinkSync('f0.ts', join(path, `p${i % 50}/m${i}/src/g${k}.ts`));
    const before = cpuTime();
    const found = await discover(['.']);
    expect(found.files).toHaveLength(500);
    expect(cpuTime() - before).toBeLessThan(2500);
  });

  test('says what is wrong with each path and goes on', async () => {
    const path = enter({ Dockerfile: '', 'empty/x': '' });
    symlinkSync('self', join(path, 'self'));
    const { files, errors } = await discover(['nowhere', 'empty', 'Dockerfile', '*.none', 'self', '-']);
    expect(files).toEqual(['Dockerfile', '-']);
    expect(errors.map(({ path, error }) => [path, error.code])).toEqual([
      ['nowhere', 'E_NOT_FOUND'],
      ['empty', 'E_NO_FILES'],
      ['*.none', 'E_NO_FILES'],
      ['self', 'E_READ'],
    ]);
    expect(errors[0]?.error.hint).toBe('there is Dockerfile');
  });
});
