import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ExtractOptions, extractImage } from '../../src/layers/extract.ts';
import { unfitName } from '../../src/layers/host-tree.ts';
import { stackImage } from '../../src/layers/stacked-image.ts';
import {
  dockerArchive,
  type Member,
  OciFiles,
  sha256,
  tarOf,
  temporaryFile,
  temporaryFolder,
} from '../support/images.ts';

type Layers = readonly (readonly Member[])[];

async function archiveOf(layers: Layers): Promise<string> {
  return temporaryFile(await dockerArchive(await Promise.all(layers.map((members) => tarOf(members)))));
}

async function extract(layers: Layers, options: ExtractOptions = {}, root = join(temporaryFolder(), 'root')) {
  const report = await extractImage(await stackImage(await archiveOf(layers)), root, options);
  return { root, report };
}

/** Every path below a folder with what it is. */
function snapshot(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(root, name);
    const stat = lstatSync(path);
    const mode = (stat.mode & 0o7777).toString(8);
    found[name] = stat.isSymbolicLink()
      ? `-> ${readlinkSync(path)}`
      : stat.isDirectory()
        ? `directory ${mode}`
        : `${mode} ${sha256(readFileSync(path))} ${stat.nlink} ${Math.trunc(stat.mtimeMs)}`;
  }
  return found;
}

const body = randomBytes(600_000);

describe('extractImage', () => {
  test('makes the final tree: bodies, hard links, symlinks, modes, times', async () => {
    const { root, report } = await extract([
      [
        { name: 'data/', type: 'directory', mode: 0o750, mtime: new Date(1e12) },
        { name: 'data/a', body, mode: 0o640, mtime: new Date(11e11) },
        { name: 'data/b', type: 'link', linkname: 'data/a' },
        { name: 'data/gone', body: 'x' },
        { name: 'locked/', type: 'directory', mode: 0o500 },
        { name: 'locked/in', body: 'in', mode: 0o400 },
      ],
      [
        { name: 'data/.wh.gone', body: '' },
        { name: 'link', type: 'symlink', linkname: '/etc/shadow' },
        { name: 'empty', body: '', mode: 0o600 },
        { name: 'tool', body: 'elf', mode: 0o4755 },
        { name: 'fifo', type: 'fifo' },
      ],
    ]);
    const files = snapshot(root);
    const hash = sha256(body);
    expect(files['data/a']).toBe(`640 ${hash} 2 1100000000000`);
    expect(files['data/b']).toBe(files['data/a']);
    expect(statSync(join(root, 'data')).mtimeMs).toBe(1e12);
    expect(files).toMatchObject({ data: 'directory 750', locked: 'directory 700', link: '-> /etc/shadow' });
    expect(files['locked/in']).toMatch(/^400 /);
    expect(files.tool).toMatch(/^755 /);
    expect(Object.keys(files)).not.toContain('data/gone');
    expect(Object.keys(files)).not.toContain('fifo');
    expect(report).toMatchObject({ files: 4, hardLinks: 1, directories: 2, symlinks: 1, specials: 0 });
    expect(report).toMatchObject({ skippedSpecials: 1, droppedSetuid: 1, problemCount: 0, bytes: body.length + 5 });
  });

  test('setuid bits and fifos when asked for', async () => {
    const layers: Layers = [
      [
        { name: 'tool', body: 'elf', mode: 0o4755 },
        { name: 'fifo', type: 'fifo', mode: 0o600 },
      ],
    ];
    const { root, report } = await extract(layers, { setuid: true, devices: true });
    expect(statSync(join(root, 'tool')).mode & 0o7777).toBe(0o4755);
    expect(lstatSync(join(root, 'fifo')).isFIFO()).toBe(true);
    expect(report).toMatchObject({ specials: 1, skippedSpecials: 0, droppedSetuid: 0 });
  });

  test('what matches a glob, what is below it, and the way to it', async () => {
    const layers: Layers = [
      [
        { name: 'app/lib/deep/x.so', body: 'x' },
        { name: 'app/lib/y.txt', body: 'y' },
        { name: 'etc/nginx/conf.d/a', body: 'a' },
        { name: 'etc/passwd', body: 'p' },
      ],
    ];
    const { root } = await extract(layers, { globs: ['**/*.so', '/etc/nginx/'] });
    expect(Object.keys(snapshot(root))).toEqual([
      'app',
      'app/lib',
      'app/lib/deep',
      'app/lib/deep/x.so',
      'etc',
      'etc/nginx',
      'etc/nginx/conf.d',
      'etc/nginx/conf.d/a',
    ]);
    await expect(extract(layers, { globs: ['opt'] })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    expect(Object.keys(snapshot((await extract(layers, { globs: ['/'] })).root))).toHaveLength(10);
  });

  test('a hard link whose first name is left out has the body all the same', async () => {
    const layers: Layers = [
      [
        { name: 'a/first', body: 'one body' },
        { name: 'b/second', type: 'link', linkname: 'a/first' },
      ],
    ];
    const { root } = await extract(layers, { globs: ['b'] });
    expect(readFileSync(join(root, 'b/second'), 'utf8')).toBe('one body');
  });
});

describe('nothing outside of the target is touched', () => {
  const trapped = (target: string): Layers => [
    [
      { name: 'trap', type: 'symlink', linkname: target },
      { name: 'dir/up', type: 'symlink', linkname: '../../../../../../../..' },
    ],
    [
      { name: 'trap/file', body: 'escaped' },
      { name: '../../../../escaped', body: 'escaped' },
      { name: 'dir/up/escaped-too', body: 'escaped' },
      { name: 'hard', type: 'link', linkname: '../../../../../../../../etc/passwd' },
      { name: '/absolute', body: 'inside' },
    ],
  ];

  test('by symlinks, by .. and by absolute names', async () => {
    const outside = temporaryFolder();
    const { root, report } = await extract(trapped(outside));
    expect(readdirSync(outside)).toEqual([]);
    expect(existsSync('/escaped') || existsSync('/escaped-too')).toBe(false);
    expect(readFileSync(join(root, 'absolute'), 'utf8')).toBe('inside');
    expect(readFileSync(join(root, outside, 'file'), 'utf8')).toBe('escaped');
    expect(existsSync(join(root, 'hard'))).toBe(false);
    expect(report.problemCount).toBe(0);
  });

  test('nor through symlinks that are there already, when that is forced', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'precious'), 'keep');
    const root = temporaryFolder();
    symlinkSync(outside, join(root, 'etc'));
    symlinkSync(join(outside, 'precious'), join(root, 'file'));
    symlinkSync(join(outside, 'made-later'), join(root, 'dangling'));
    mkdirSync(join(root, 'taken/inner'), { recursive: true });
    const layers: Layers = [
      [
        { name: 'etc/precious', body: 'overwritten' },
        { name: 'file', body: 'overwritten' },
        { name: 'dangling', body: 'new' },
        { name: 'taken', body: 'a file where a folder is' },
      ],
    ];
    await expect(extract(layers, {}, root)).rejects.toMatchObject({ code: 'E_WRITE', message: `${root} is not empty` });
    const { report } = await extract(layers, { force: true }, root);
    expect(readdirSync(outside)).toEqual(['precious']);
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('keep');
    expect(readFileSync(join(root, 'etc/precious'), 'utf8')).toBe('overwritten');
    expect(lstatSync(join(root, 'dangling')).isFile()).toBe(true);
    expect(report.problems).toEqual([{ path: 'taken', message: 'a directory is there' }]);
  });
});

test('names that the host cannot store are told, and the rest is there', async () => {
  const long = 'n'.repeat(300);
  const raw = Buffer.from('caf\xe9', 'latin1');
  const { root, report } = await extract([
    [
      { name: `${long}/inside`, body: 'x' },
      { name: 'good', body: 'y' },
      { name: long.slice(1), type: 'symlink', linkname: 'good' },
      { name: 'other', type: 'link', linkname: 'good' },
    ],
    [{ name: raw.toString('latin1'), body: 'z', pax: {} }],
  ]);
  expect(report.problems.map(({ path, message }) => [path.length, message])).toEqual([
    [300, 'the name, or the path, is too long for this file system'],
    [307, 'its directory could not be made'],
    [299, 'the name, or the path, is too long for this file system'],
  ]);
  expect(report.problemCount).toBe(3);
  expect(readFileSync(join(root, 'other'), 'utf8')).toBe('y');
});

test('bounds: too many bytes, and a target that is a file', async () => {
  const layers: Layers = [[{ name: 'a', body }]];
  await expect(extract(layers, { maxBytes: 599_999 })).rejects.toMatchObject({ code: 'E_LIMIT' });
  await expect(extract(layers, {}, temporaryFile('x'))).rejects.toMatchObject({ code: 'E_WRITE' });
});

test.each([
  ['a/../b', 'linux', 'not a path inside the image'],
  ['a\0b', 'linux', 'the name has a NUL character'],
  ['a\\..\\b', 'win32', 'the name is not allowed on Windows'],
  ['c:/x', 'win32', 'the name is not allowed on Windows'],
  ['dev/nul', 'win32', 'the name is not allowed on Windows'],
  ['a/com1.txt', 'win32', 'the name is not allowed on Windows'],
  ['trailing.', 'win32', 'the name is not allowed on Windows'],
  ['a\\b', 'linux', undefined],
  ['console', 'win32', undefined],
])('%j on %s: %s', (path, platform, problem) => {
  expect(unfitName(path, platform)).toBe(problem);
});

const hasUmoci = spawnSync('umoci', ['--version']).status === 0;

describe.skipIf(!hasUmoci)('against umoci', () => {
  test('the same tree', async () => {
    const layers = await Promise.all(
      [
        [
          { name: 'a/', type: 'directory', mode: 0o755 },
          { name: 'a/one', body, mode: 0o644 },
          { name: 'a/two', type: 'link', linkname: 'a/one' },
          { name: 'b/c/d', body: 'd', mode: 0o600 },
          { name: 'b/c/e', body: 'e' },
          { name: 'dir-then-file/x', body: 'x' },
          { name: 'lib', type: 'symlink', linkname: 'b' },
        ],
        [
          { name: 'b/.wh.c', body: '' },
          { name: 'lib/new', body: 'through a symlink' },
          { name: 'a/one', body: 'no longer shared' },
          { name: 'dir-then-file', body: 'a file now' },
        ],
        [
          { name: 'a/.wh..wh..opq', body: '' },
          { name: 'a/three', body: '3' },
        ],
      ].map((members) => tarOf(members as Member[])),
    );
    const files = new OciFiles();
    const annotations = { 'org.opencontainers.image.ref.name': 'latest' };
    const layout = files.top([{ ...files.manifest(layers, { config: {} }), annotations }]).folder();
    const bundle = join(temporaryFolder(), 'bundle');
    const unpacked = spawnSync('umoci', ['unpack', '--rootless', '--image', `${layout}:latest`, bundle], {
      encoding: 'utf8',
    });
    expect([unpacked.status, unpacked.stderr]).toEqual([0, expect.anything()]);
    const root = join(temporaryFolder(), 'root');
    await extractImage(await stackImage(layout), root);
    expect(Object.keys(snapshot(root)).length).toBeGreaterThan(6);
    const withoutTimes = (tree: Record<string, string>) =>
      Object.entries(tree).map(([path, what]) => [
        path,
        what.startsWith('directory') ? what : what.replace(/ \d+$/, ''),
      ]);
    expect(withoutTimes(snapshot(root))).toEqual(withoutTimes(snapshot(join(bundle, 'rootfs'))));
  });
});
