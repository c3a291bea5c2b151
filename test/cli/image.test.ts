import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, dlint, folder } from '../support/cli.ts';
import { dockerArchive, tarOf, temporaryFile } from '../support/images.ts';

const image = resolve(import.meta.dirname, '../../examples/app/image.tar');
let cwd = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: cwd, remove } = folder({ 'notes.txt': 'not an image\n', 'empty.tar': Buffer.alloc(10_240) }));
  copyFileSync(image, join(cwd, 'image.tar'));
  copyFileSync(image, join(cwd, 'cut.tar'));
  truncateSync(join(cwd, 'cut.tar'), 300_000);
  mkdirSync(join(cwd, 'folder'));
});
afterAll(() => remove());

describe('inspect', () => {
  test('text, JSON and a tree come from one reading', () => {
    const args = ['inspect', 'image.tar', '-f', 'text', '-f', 'json=i.json', '-f', 'tree=i.txt'];
    const { stdout, stderr, status } = dlint(args, { cwd });
    expect([stderr, status]).toEqual(['', 0]);
    const report = JSON.parse(readFileSync(join(cwd, 'i.json'), 'utf8'));
    expect(report.schema).toBe('dlint-inspect/1');
    expect(stdout).toContain(report.image.imageId);
    expect(readFileSync(join(cwd, 'i.txt'), 'utf8')).toContain('app.py');
  });

  test('one layer', () => {
    const { stdout, status } = dlint(['inspect', 'image.tar', '--layer', '3', '-f', 'json'], { cwd });
    expect(JSON.parse(stdout).layers.map(({ index }: { index: number }) => index)).toEqual([3]);
    expect(status).toBe(0);
  });

  test('--verify takes an image that is what it states, and refuses one with a byte changed', () => {
    expect(dlint(['inspect', 'image.tar', '--verify', '-q'], { cwd }).status).toBe(0);
    const bytes = readFileSync(join(cwd, 'image.tar'));
    // In the middle of a body, where nothing but the digest tells.
    const at = bytes.indexOf('import flask') >= 0 ? bytes.indexOf('import flask') : bytes.indexOf('Flask');
    expect(at).toBeGreaterThan(0);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(join(cwd, 'changed.tar'), bytes);
    const { stdout, stderr, status } = dlint(['inspect', 'changed.tar', '--verify'], { cwd });
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toMatch(/is not what it states[\s\S]*layer \d+ (is|unpacks to) sha256:/);
  });

  test('no path makes colours or a progress line appear in a pipe', () => {
    expect(dlint(['inspect', 'image.tar'], { cwd }).stdout).not.toContain('\x1b');
  });
});

describe('sbom', () => {
  test('CycloneDX is the default, SPDX and the table are there, and all are the same each time', () => {
    const { stdout, status } = dlint(['sbom', 'image.tar'], { cwd });
    const bom = JSON.parse(stdout);
    expect([bom.bomFormat, bom.specVersion, status]).toEqual(['CycloneDX', '1.6', 0]);
    const files = ['sbom', 'image.tar', '-f', 'cyclonedx=a.json', '-f', 'spdx=b.json', '-f', 'table=c.txt'];
    expect(dlint(files, { cwd }).stdout).toBe('');
    expect(readFileSync(join(cwd, 'a.json'), 'utf8')).toBe(stdout);
    expect(JSON.parse(readFileSync(join(cwd, 'b.json'), 'utf8')).spdxVersion).toBe('SPDX-2.3');
    expect(readFileSync(join(cwd, 'c.txt'), 'utf8')).toMatch(/^NAME +VERSION/);
  });
});

test('inspect refuses a folder that is no image; sbom reads what it holds', () => {
  const { stdout, stderr, status } = dlint(['inspect', 'folder'], { cwd });
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr).toMatch(/^error {2}not an image: .*\nwhere {2}folder.*\ntry .* for dlint sbom/);
});

describe.each(['inspect', 'sbom'])('%s refuses', (command) => {
  test.each([
    [['notes.txt'], /^error {2}not an image: a text file\nwhere {2}notes\.txt\ntry .*; Dockerfiles are for dlint lint/],
    [['empty.tar'], /^error {2}not an image: .*\nwhere {2}empty\.tar/],
    [['nowhere.tar'], /^error {2}there is no such file or folder\nwhere {2}nowhere\.tar\ntry {4}check the path/],
    [['cut.tar'], /^error {2}.*\nwhere .*\ntry /s],
    [
      ['image.tar', '--platform', 'linux'],
      /^error {2}linux is not a platform\nwhere {2}--platform linux\ntry {4}OS\/ARCH/,
    ],
    [['image.tar', '--image', 'other:1'], /^error {2}.*\nwhere .*\ntry /s],
    [['image.tar', '-f', 'cyclondx'], /^error {2}there is no format cyclondx here/],
  ])('%j', (args, message) => {
    const { stdout, stderr, status } = dlint([command, ...args], { cwd });
    expect([stdout, status]).toEqual(['', 2]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').length).toBeLessThan(8);
    expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  });

  test('and leaves no half report behind', () => {
    dlint([command, 'cut.tar', '-f', `${command === 'sbom' ? 'spdx' : 'json'}=half.json`], { cwd });
    expect(existsSync(join(cwd, 'half.json'))).toBe(false);
  });
});

test.each(['0', 'x', '99', '-1'])('inspect refuses layer %s', (layer) => {
  const { stdout, stderr, status } = dlint(['inspect', 'image.tar', `--layer=${layer}`], { cwd });
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr).toMatch(/^error {2}.*layer/);
});

describe('hostile images', () => {
  test('no word of an image steers the terminal', async () => {
    const evil = '\x1b[2J\x1b]0;x\x07\u202e';
    const layer = await tarOf([{ name: `etc/${evil}`, body: 'x' }]);
    const archive = await dockerArchive([layer], `app${evil}:1`, {
      os: `linux${evil}`,
      architecture: `amd64${evil}`,
      history: [{ created_by: `RUN ${evil}` }],
      config: {
        User: evil,
        WorkingDir: evil,
        Env: [`A=${evil}`],
        Cmd: [evil],
        Entrypoint: ['sh', '-c', evil],
        Labels: { [evil]: evil },
        ExposedPorts: { [evil]: {} },
        Volumes: { [evil]: {} },
        StopSignal: evil,
        Healthcheck: { Test: ['CMD-SHELL', evil] },
        OnBuild: [evil],
      },
    });
    const file = temporaryFile(archive);
    for (const args of [[], ['--layer', '1'], ['-f', 'tree'], ['--image', evil], ['--platform', `a/${evil}`]]) {
      const { stdout, stderr } = dlint(['inspect', file, ...args]);
      expect(stdout + stderr).toContain('\\x1b[2J');
      expect(stdout + stderr).not.toMatch(/[\x1b\x07\u202e]/);
    }
  });

  test('an image without layers is one', async () => {
    const { stdout, stderr, status } = dlint(['inspect', temporaryFile(await dockerArchive([]))]);
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toContain('0 B stored in 0 layers');
    expect(stdout).not.toContain('compressed');
  });

  test.skipIf(process.platform !== 'linux')('an endless pipe that is no image is refused at once', () => {
    const { stderr, status } = spawnSync('sh', ['-c', '"$0" "$1" inspect - < /dev/zero', process.execPath, bin], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(stderr).toMatch(/^error {2}not an image: nothing but zeros\nwhere {2}-\ntry {4}docker save/);
    expect(status).toBe(2);
  });

  test('a pipe without a folder for temporary files: an error, not a bug', () => {
    // Below a file: Node's compile cache makes a folder that is only missing.
    const options = { cwd, input: readFileSync(image), env: { TMPDIR: join(cwd, 'notes.txt/tmp') } };
    const { stderr, status } = dlint(['cat', '-', '/etc/passwd'], options);
    expect(stderr).toMatch(
      /^error {2}no folder for temporary files [\s\S]*\nwhere {2}ENOTDIR[\s\S]*\ntry {4}set TMPDIR/,
    );
    expect(status).toBe(2);
    // These have it pass by.
    expect(dlint(['inspect', '-'], options)).toMatchObject({ stderr: '', status: 0 });
    expect(dlint(['sbom', '-'], options)).toMatchObject({ stderr: '', status: 0 });
  });

  test('a pipe without a folder for temporary files, and a program that is too large for memory', async () => {
    const program = Buffer.alloc(65 * 1024 * 1024);
    program.write('7f454c4602010100', 'hex');
    const layer = await tarOf([{ name: 'usr/bin/large', body: program, mode: 0o755 }]);
    const input = gzipSync(await dockerArchive([layer]), { level: 1 });
    const run = (options: object) => dlint(['sbom', '-', '-f', 'table'], { input, ...options });
    expect(run({})).toMatchObject({ stderr: '', status: 0 });
    const { stderr, status } = run({ env: { TMPDIR: join(cwd, 'notes.txt/tmp') } });
    expect(stderr).toMatch(/^error {2}a temporary file cannot be written\nwhere .*\n[\s\S]*\ntry {4}set TMPDIR/);
    expect(status).toBe(2);
  });

  test.each([
    [
      'nothing',
      '',
      /^error {2}nothing came through the pipe\nwhere {2}standard input\ntry {4}see whether the program before/,
    ],
    ['a text', 'hello\n', /^error {2}not an image: a text file\nwhere {2}-\ntry/],
    [
      'half an archive',
      readFileSync(image).subarray(0, 3000),
      /^error {2}the tar archive ends early: inside\s[\s\S]*\nwhere {2}-, byte 3000/,
    ],
  ])('an SBOM of a pipe that brings %s', (_, input, message) => {
    const { stdout, stderr, status } = dlint(['sbom', '-'], { cwd, input });
    expect(stderr).toMatch(message);
    expect([stdout, status]).toEqual(['', 2]);
    expect(dlint(['inspect', '-'], { cwd, input })).toMatchObject({ stderr, status });
  });

  const ways: [string, string][] = [
    ['in one piece', 'cat "$2"'],
    ['in drops', '{ head -c 10 "$2"; sleep 0.2; head -c 700 "$2" | tail -c +11; sleep 0.2; tail -c +701 "$2"; }'],
    ['compressed', 'gzip -c "$2"'],
  ];
  if (spawnSync('xz', ['--version']).status === 0) ways.push(['as xz', 'xz -0 -c "$2"']);
  // What Node gives a child as standard input is a socket; a shell gives a pipe.
  test.skipIf(process.platform === 'win32').each(ways)('the SBOM of a pipe that brings an archive %s', (_, bring) => {
    const env = { ...process.env, DLINT_CACHE: 'off', SOURCE_DATE_EPOCH: '0' };
    const line = `${bring} | "$0" "$1" sbom -`;
    const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, bin, image], { encoding: 'utf8', env });
    expect(stderr).toBe('');
    expect(stdout).toBe(dlint(['sbom', image], { env: { SOURCE_DATE_EPOCH: '0' } }).stdout);
  });

  test('the SBOM of a pipe is that of the file, but for the name', () => {
    const env = { SOURCE_DATE_EPOCH: '0' };
    const format = ['--all-layers', '-f', 'spdx'];
    const passed = dlint(['sbom', '-', ...format], { cwd, env, input: readFileSync(image) });
    expect(passed).toMatchObject({ stderr: '', status: 0 });
    expect(passed.stdout).toBe(dlint(['sbom', image, ...format], { cwd, env }).stdout);
  });

  test('what skopeo wrote as dir:, without a config', () => {
    const { path, remove: gone } = folder({ 'manifest.json': '{"schemaVersion":2,"layers":[]}', version: '1.1' });
    const { stderr, status } = dlint(['inspect', path]);
    expect(stderr).toMatch(/^error {2}sha256:[0-9a-f]{64} is neither a manifest\s+nor an index/);
    expect(status).toBe(2);
    gone();
  });
});
