import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dlint } from '../support/cli.ts';
import { dockerArchive, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';

const image = resolve(import.meta.dirname, '../../examples/app/image.tar');

describe('extract', () => {
  test('says what it made, in text and JSON', () => {
    const cwd = temporaryFolder();
    const text = dlint(['extract', image, 'root', '--path', 'etc', '--path', 'app/*.py'], { cwd });
    expect([text.stderr, text.status]).toEqual(['', 0]);
    expect(text.stdout).toMatch(
      /^root: \d+ files, .*directories, \d+ symlinks?; .*B\n {2}owners are not set: all is yours\n/,
    );
    expect(readFileSync(join(cwd, 'root/etc/passwd'), 'utf8')).toContain('root:x:0:0');
    expect(existsSync(join(cwd, 'root/app/app.py'))).toBe(true);
    const json = dlint(['extract', image, 'other', '--path', 'etc/passwd', '-f', 'json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'dlint-extract/1',
      files: 1,
      directories: 1,
      problemCount: 0,
    });
    expect(dlint(['extract', image, 'third', '-q'], { cwd }).stdout).toBe('');
  });

  test('a path that cannot be made is told, and makes the exit code 1', async () => {
    const cwd = temporaryFolder();
    const long = 'x'.repeat(280);
    const archive = temporaryFile(await dockerArchive([await tarOf([{ name: long, body: 'x' }, 'kept'])]));
    const { stdout, status } = dlint(['extract', archive, 'root', '-q'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toContain(`missing  /${long}: the name, or the path, is too long for this file system\n`);
    expect(existsSync(join(cwd, 'root/kept'))).toBe(true);
  });

  test.each([
    [['--max-size', '1kB'], /^error {2}the files have .*, more than 1\.0 kB/],
    [['--max-size', 'big'], /^error {2}big is not a size/],
    [['--path', 'opt/none'], /^error {2}no path of the image matches opt\/none/],
    [['--layer', '77'], /^error {2}there is no layer 77/],
  ])('refuses %j', (flags, message) => {
    const cwd = temporaryFolder();
    const { stdout, stderr, status } = dlint(['extract', image, 'root', ...flags], { cwd });
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toMatch(message);
    expect(existsSync(join(cwd, 'root'))).toBe(false);
  });

  test('refuses a folder that is not empty', () => {
    const cwd = temporaryFolder();
    expect(dlint(['extract', image, 'root', '-q'], { cwd }).status).toBe(0);
    const again = dlint(['extract', image, 'root'], { cwd });
    expect([again.status, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain('try    name a new folder, or write over what is there with --force');
    expect(dlint(['extract', image, 'root', '--force'], { cwd }).status).toBe(0);
  });
});
