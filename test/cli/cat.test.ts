import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, dlint } from '../support/cli.ts';
import { dockerArchive, OciFiles, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';

const body = randomBytes(700_000);

async function layers() {
  return [
    await tarOf([
      { name: 'data/', type: 'directory' },
      { name: 'data/raw', body },
      { name: 'data/empty', body: '' },
      { name: 'data/hard', type: 'link', linkname: 'data/raw' },
      { name: 'etc/name', body: 'first\n' },
    ]),
    await tarOf([
      { name: 'etc/name', body: 'second\n' },
      { name: 'link', type: 'symlink', linkname: '/data/../data/hard' },
      { name: 'lost', type: 'symlink', linkname: '/data/hrad' },
      { name: 'round', type: 'symlink', linkname: 'round' },
      { name: 'data/.wh.raw', body: '' },
      { name: 'etc/tty', type: 'character-device', devmajor: 5, devminor: 0 },
    ]),
  ];
}

function catBytes(args: readonly string[], input?: Buffer, cache = 'off') {
  const env = { ...process.env, DLINT_CACHE: cache };
  const run = spawnSync(process.execPath, [bin, 'cat', ...args], { ...(input && { input }), env, maxBuffer: 1 << 26 });
  return { ...run, text: run.stderr.toString() };
}

describe('cat', () => {
  test('says which of several images it reads, on standard error', async () => {
    const files = new OciFiles();
    const both = [files.manifest(await layers()), files.manifest([])];
    const archive = temporaryFile(await files.top(both).archive());
    const { stdout, text, status } = catBytes([archive, 'etc/name']);
    expect([stdout.toString(), status]).toEqual(['second\n', 0]);
    expect(text).toMatch(/^note {3}.*2 images in here; this is number 1 \(--image 2\)\n$/);
    expect(catBytes([archive, 'etc/name', '-q']).text).toBe('');
    expect(catBytes([archive, 'etc/name', '--image', '1']).text).toBe('');
  });

  test('records of layers that inspect kept are good for it, and the other way round', async () => {
    const files = new OciFiles();
    const gzip = temporaryFile(await files.top([files.manifest(await layers())]).archive());
    const env = { DLINT_CACHE: temporaryFolder() };
    const inspected = () => dlint(['inspect', gzip, '-f', 'json'], { env }).stdout;
    const other = { DLINT_CACHE: temporaryFolder() };
    const cold = catBytes([gzip, 'link'], undefined, other.DLINT_CACHE);
    expect(dlint(['inspect', gzip, '-f', 'json'], { env: other }).stdout).toBe(inspected());
    const warm = catBytes([gzip, 'link'], undefined, env.DLINT_CACHE);
    for (const { stdout, text, status } of [cold, warm]) {
      expect([status, text]).toEqual([0, '']);
      expect(stdout.equals(body)).toBe(true);
    }
    expect(readdirSync(env.DLINT_CACHE).length).toBeGreaterThan(0);
    const none = temporaryFolder();
    expect(catBytes([gzip, 'link', '--no-cache'], undefined, none).status).toBe(0);
    expect(readdirSync(none)).toEqual([]);
  });

  test('gives the very bytes, through symbolic and hard links, from plain and compressed layers', async () => {
    const plain = temporaryFile(await dockerArchive(await layers()));
    const files = new OciFiles();
    const gzip = temporaryFile(await files.top([files.manifest(await layers())]).archive());
    for (const image of [plain, gzip]) {
      for (const path of ['link', '/data/hard', 'etc/../link']) {
        const { stdout, text, status } = catBytes([image, path]);
        expect([text, status]).toEqual(['', 0]);
        expect(stdout.equals(body)).toBe(true);
      }
    }
  });

  test('several files, the empty one among them, in the order asked for; as of a layer; from standard input', async () => {
    const archive = await dockerArchive(await layers());
    const image = temporaryFile(archive);
    expect(catBytes([image, 'etc/name', 'data/empty', 'etc/name']).stdout.toString()).toBe('second\nsecond\n');
    expect(catBytes([image, 'etc/name', '--layer', '1']).stdout.toString()).toBe('first\n');
    expect(catBytes(['-', '/etc/name'], archive).stdout.toString()).toBe('second\n');
    expect(catBytes([image, 'data/raw', '--layer=1']).stdout.equals(body)).toBe(true);
  });

  test.each([
    ['data/raw', 'error  there is no data/raw in the image', 'try    layer 2 removed it: --layer 1 still has it'],
    ['etc/nmae', 'error  there is no etc/nmae in the image', 'try    did you mean /etc/name?'],
    ['opt/hard', 'error  there is no opt/hard in the image', 'try    dlint inspect IMAGE -f tree lists what is there'],
    ['data/name', 'error  there is no data/name in the image', 'try    there is /etc/name'],
    ['etc/name/x', 'error  there is no etc/name/x in the image', 'try    /etc/name is a file'],
    ['/data', 'error  /data is a directory', 'try    dlint extract IMAGE DIR --path data'],
    ['/', 'error  / is a directory', 'try    dlint inspect IMAGE -f tree'],
    [
      'etc/tty',
      'error  etc/tty is no file but a character-device',
      'try    it holds no bytes; dlint inspect IMAGE --path',
    ],
    ['lost', 'error  lost leads to /data/hrad, and there is none in the image', 'try    did you mean /data/hard?'],
    ['round', 'error  round leads through a loop of symbolic links', 'try    dlint inspect IMAGE --path round shows'],
    ['nowhere/x/y', 'error  there is no nowhere/x/y in the image', ', at /nowhere\n'],
  ])('says why %s cannot be printed', async (path, error, hint) => {
    const { stdout, text, status } = catBytes([temporaryFile(await dockerArchive(await layers())), 'etc/name', path]);
    expect([stdout.length, status]).toEqual([0, 2]);
    expect(text.split('\n')[0]).toBe(error);
    expect(text).toContain(hint);
  });

  test('a reader that goes away is no error', () => {
    const image = resolve(import.meta.dirname, '../../examples/app/image.tar');
    const line = `node ${bin} cat ${image} etc/passwd | head -c 4`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-o', 'pipefail', '-c', line], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['root', '']);
  });

  test('needs a path, and a layer that is there', () => {
    const image = resolve(import.meta.dirname, '../../examples/app/image.tar');
    expect(dlint(['cat', image]).stderr).toContain('PATH is missing');
    expect(dlint(['cat', image, 'x', '--layer', '99']).stderr).toContain('there is no layer 99');
  });
});
