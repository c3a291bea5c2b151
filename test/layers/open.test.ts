import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import type { FileLocator, Layer } from '../../src/layers/image.ts';
import { LIMITS } from '../../src/layers/limits.ts';
import { listImages, openImage } from '../../src/layers/open.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { dockerArchive, OciFiles, sha256, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';

async function failure(run: () => Promise<unknown>): Promise<DlintError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof DlintError) return error;
    throw error;
  }
  throw new Error('this should have failed');
}

const paths = async (file: string, options = {}): Promise<string[][]> =>
  (await scanLayers(await openImage(file, options))).map(({ entries }) => [...entries].map(({ path }) => path));

const one = await tarOf(['a', 'b']);
const two = await tarOf(['c', '.wh.a']);

describe('docker archives', () => {
  it('are opened with their config and history', async () => {
    const archive = await dockerArchive([one, two], 'app:1', {
      history: [
        { created_by: 'ADD rootfs', created: '2024-01-01T00:00:00Z' },
        { created_by: 'ENV A=1', empty_layer: true },
        { created_by: 'RUN rm a', comment: 'buildkit' },
      ],
      config: {
        User: 'app',
        Env: ['A=1'],
        Cmd: null,
        Entrypoint: ['/bin/app'],
        ExposedPorts: { '80/tcp': {} },
        Labels: { a: 'b', wrong: 1 },
        Healthcheck: { Test: ['CMD', 'x'], Interval: 5e9 },
        WorkingDir: 7,
      },
    });
    const image = await openImage(temporaryFile(archive));
    expect(image).toMatchObject({
      tags: ['app:1'],
      format: 'docker-archive',
      platform: { os: 'linux', architecture: 'amd64' },
      history: [{ layer: 1 }, { layer: null }, { layer: 2, comment: 'buildkit' }],
      warnings: [],
    });
    expect(image.config).toEqual({
      user: 'app',
      env: ['A=1'],
      entrypoint: ['/bin/app'],
      exposedPorts: ['80/tcp'],
      volumes: [],
      labels: { a: 'b' },
      healthcheck: { test: ['CMD', 'x'], interval: 5e9 },
      onBuild: [],
    });
    expect(
      image.layers.map(({ createdBy, diffId, digest, compressedBytes }) => [
        createdBy,
        diffId,
        digest,
        compressedBytes,
      ]),
    ).toEqual([
      ['ADD rootfs', `sha256:${sha256(one)}`, null, null],
      ['RUN rm a', `sha256:${sha256(two)}`, null, null],
    ]);
  });

  it('have layers that are links to one another, names with ./ and keys in lower case', async () => {
    const config = JSON.stringify({ rootFS: { diff_ids: [] } });
    const file = temporaryFile(
      await tarOf([
        {
          name: './manifest.json',
          body: JSON.stringify([{ config: 'c.json', repoTags: null, layers: ['x/layer.tar', 'y/layer.tar', 'h.tar'] }]),
        },
        { name: './x/', type: 'directory' },
        { name: './x/layer.tar', body: one },
        { name: './y/layer.tar', type: 'symlink', linkname: '../x/layer.tar' },
        { name: './h.tar', type: 'link', linkname: './y/layer.tar' },
        { name: './c.json', body: config },
      ]),
    );
    expect(await paths(file)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect((await openImage(file)).tags).toEqual([]);
  });

  it('are refused when a layer links to itself or out of the archive', async () => {
    for (const linkname of ['layer.tar', '../../../../etc/passwd']) {
      const file = temporaryFile(
        await tarOf([
          { name: 'manifest.json', body: JSON.stringify([{ Config: 'c.json', Layers: ['layer.tar'] }]) },
          { name: 'layer.tar', type: 'symlink', linkname },
          { name: 'c.json', body: '{}' },
        ]),
      );
      expect((await failure(() => openImage(file))).code).toBe('E_BLOB_MISSING');
    }
  });

  it('of several images give the first with a warning, or the one asked for', async () => {
    const config = '{"os":"linux","architecture":"amd64"}';
    const file = temporaryFile(
      await tarOf([
        { name: 'one.tar', body: one },
        { name: 'two.tar', body: two },
        { name: 'c.json', body: config },
        {
          name: 'manifest.json',
          body: JSON.stringify([
            { Config: 'c.json', RepoTags: ['app:1'], Layers: ['one.tar'] },
            { Config: 'c.json', RepoTags: ['app:2', 'app:latest'], Layers: ['two.tar'] },
          ]),
        },
      ]),
    );
    expect(await listImages(file)).toMatchObject([
      { index: 1, tags: ['app:1'] },
      { index: 2, tags: ['app:2', 'app:latest'] },
    ]);
    expect((await openImage(file)).warnings).toContain('2 images in here; this is app:1 (--image 2 is app:2)');
    expect(await paths(file)).toEqual([['a', 'b']]);
    for (const image of ['2', 'app:2', 'app', 'docker.io/library/app:2'])
      expect(await paths(file, { image })).toEqual([['c', 'a']]);
    const error = await failure(() => openImage(file, { image: '3' }));
    expect(error).toMatchObject({ code: 'E_NO_SUCH_IMAGE', hint: 'there are: 1 (app:1), 2 (app:2)' });
  });

  it('of an image without layers open with none', async () => {
    const file = temporaryFile(
      await tarOf([
        { name: 'manifest.json', body: '[{"Config":"c.json","Layers":null}]' },
        { name: 'c.json', body: '{}' },
      ]),
    );
    expect((await openImage(file)).layers).toEqual([]);
    expect(await paths(file)).toEqual([]);
  });

  it('of Docker before 1.10 are put in order by their parents', async () => {
    const [low, top] = ['1'.repeat(64), '2'.repeat(64)];
    const members = [
      {
        name: `${top}/json`,
        body: JSON.stringify({
          parent: low,
          os: 'linux',
          architecture: 'amd64',
          container_config: { Cmd: ['touch', 'c'] },
        }),
      },
      { name: `${top}/layer.tar`, body: two },
      { name: `${low}/json`, body: '{}' },
      { name: `${low}/layer.tar`, body: gzipSync(one) },
    ];
    const file = temporaryFile(
      await tarOf([...members, { name: 'repositories', body: JSON.stringify({ app: { '1': top } }) }]),
    );
    const image = await openImage(file);
    expect(image).toMatchObject({ format: 'docker-v1', tags: ['app:1'] });
    expect(image.layers[1]?.createdBy).toBe('touch c');
    expect(await paths(file)).toEqual([
      ['a', 'b'],
      ['c', 'a'],
    ]);
    const loop = [
      { name: `${low}/json`, body: JSON.stringify({ parent: low }) },
      { name: 'repositories', body: JSON.stringify({ app: { '1': low } }) },
    ];
    expect((await failure(async () => openImage(temporaryFile(await tarOf(loop))))).message).toMatch(/own ancestor/);
  });
});

describe('OCI layouts', () => {
  const platform = (architecture: string, os = 'linux') => ({ platform: { os, architecture } });
  const host = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const other = host === 'arm64' ? 'amd64' : 'arm64';

  it('are opened as folders and as archives', async () => {
    const oci = new OciFiles();
    oci.top([{ ...oci.manifest([one, two]), annotations: { 'org.opencontainers.image.ref.name': 'latest' } }]);
    const archive = temporaryFile(await oci.archive('./'));
    const folder = oci.folder();
    for (const [path, format] of [
      [archive, 'oci-archive'],
      [folder, 'oci-layout'],
    ] as const) {
      const image = await openImage(path);
      expect(image).toMatchObject({ format, tags: ['latest'], reference: `${path} (latest)`, warnings: [] });
      expect(image.layers[0]).toMatchObject({
        digest: `sha256:${sha256(gzipSync(one))}`,
        diffId: `sha256:${sha256(one)}`,
      });
      expect(await paths(path)).toEqual([
        ['a', 'b'],
        ['c', 'a'],
      ]);
    }
  });

  it('with indexes inside indexes and attestations hold one image for each platform', async () => {
    const oci = new OciFiles();
    const inner = oci.index([
      { ...oci.manifest([two], { architecture: other }), ...platform(other) },
      { ...oci.manifest([one], { architecture: host }), ...platform(host) },
      { ...oci.manifest([]), ...platform('unknown', 'unknown') },
      { digest: `sha256:${'0'.repeat(64)}`, ...platform('s390x') },
    ]);
    oci.top([oci.index([inner])]);
    const folder = oci.folder();
    expect(await listImages(folder)).toHaveLength(2);
    expect((await openImage(folder)).warnings).toEqual([
      '1 of the images listed are not in here: linux/s390x',
      `2 images in here; this is linux/${host} (--image 1 is linux/${other})`,
    ]);
    expect(await paths(folder)).toEqual([['a', 'b']]);
    expect(await paths(folder, { platform: { os: 'linux', architecture: other } })).toEqual([['c', 'a']]);
    const error = await failure(() => openImage(folder, { platform: { os: 'linux', architecture: 'mips' } }));
    expect(error.code).toBe('E_NO_SUCH_IMAGE');
    expect(error.hint).toBe(`there are: 1 (linux/${other}), 2 (linux/${host})`);
  });

  it('for another platform than the one asked for are refused', async () => {
    const oci = new OciFiles();
    const folder = oci.top([oci.manifest([one], { architecture: 's390x' })]).folder();
    expect((await openImage(folder)).platform?.architecture).toBe('s390x');
    const error = await failure(() => openImage(folder, { platform: { os: 'linux', architecture: 'amd64' } }));
    expect(error.message).toBe('the image is for linux/s390x, not for linux/amd64');
  });

  it('name the layer that is missing or foreign', async () => {
    const oci = new OciFiles();
    oci.top([oci.manifest([one])]);
    oci.files.delete(`blobs/sha256/${sha256(gzipSync(one))}`);
    const folder = oci.folder();
    const error = await failure(() => openImage(folder));
    expect(error).toMatchObject({
      code: 'E_BLOB_MISSING',
      message: `layer 1, sha256:${sha256(gzipSync(one))}, is not in here`,
    });
  });

  it('with digests that are paths, loops of indexes or wrong digests do no harm', async () => {
    const oci = new OciFiles();
    const traversal = oci.top([{ digest: 'sha256:../../../etc/passwd' }]).folder();
    expect((await failure(() => openImage(traversal))).code).toBe('E_CORRUPT');
    const loop = new OciFiles();
    const name = 'a'.repeat(64);
    loop.files.set(
      `blobs/sha256/${name}`,
      JSON.stringify({ manifests: [{ digest: `sha256:${name}` }, { digest: `sha256:${name}` }] }),
    );
    expect((await failure(() => openImage(loop.top([{ digest: `sha256:${name}` }]).folder()))).code).toBe('E_LIMIT');
    const wrong = new OciFiles();
    const manifest = wrong.manifest([one]);
    wrong.files.set(`blobs/sha256/${name}`, wrong.files.get(`blobs/sha256/${manifest.digest.slice(7)}`) as string);
    const image = await openImage(wrong.top([{ digest: `sha256:${name}` }]).folder());
    expect(image.warnings).toEqual([`the manifest is ${manifest.digest}, not sha256:${name} as stated`]);
  });
});

describe('whole archives that are compressed', () => {
  it.each(['gzip', 'zstd', 'xz', 'bzip2'])('are unpacked: %s', async (program) => {
    const archive = await dockerArchive([one]);
    const file = temporaryFile(execFileSync(program, ['-c'], { input: archive }), 'misnamed.tar');
    const scratch = new Scratch();
    try {
      const image = await openImage(file, { scratch });
      expect((await scanLayers(image))[0]?.entries.length).toBe(2);
      const [layer] = image.layers as [Layer];
      const { file: temporary } = layer.at as FileLocator;
      expect(temporary.startsWith(tmpdir())).toBe(true);
      scratch.dispose();
      expect(existsSync(temporary)).toBe(false);
    } finally {
      scratch.dispose();
    }
  });

  it.each(['gzip', 'zstd', 'xz', 'bzip2'])('and cut say so, and leave nothing behind: %s', async (program) => {
    const packed = execFileSync(program, ['-c'], { input: await dockerArchive([one]) });
    const before = readdirSync(tmpdir()).filter((name) => /^dlint-(?!test)/.test(name));
    const file = temporaryFile(packed.subarray(0, packed.length - 30));
    const error = await failure(() => openImage(file));
    expect(error).toMatchObject({ code: 'E_TRUNCATED', where: expect.stringContaining(file) });
    expect(readdirSync(tmpdir()).filter((name) => /^dlint-(?!test)/.test(name))).toEqual(before);
  });

  it('say which program is missing', async () => {
    const file = temporaryFile(execFileSync('xz', ['-c'], { input: await dockerArchive([one]) }));
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      const error = await failure(() => openImage(file));
      expect(error).toMatchObject({ code: 'E_UNSUPPORTED', message: expect.stringContaining('no program xz') });
    } finally {
      process.env.PATH = path;
    }
  });

  it('are bounded', async () => {
    const file = temporaryFile(gzipSync(Buffer.alloc(5_000_000)));
    expect((await failure(() => openImage(file, { limits: { ...LIMITS, inflatedBytes: 1e6 } }))).code).toBe('E_LIMIT');
  });

  it('come through a pipe, too', async () => {
    const fifo = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [fifo]);
    const archive = gzipSync(await dockerArchive([one]));
    const scratch = new Scratch();
    try {
      const [image] = await Promise.all([openImage(fifo, { scratch }), appendFile(fifo, archive)]);
      expect((await scanLayers(image))[0]?.entries.length).toBe(2);
    } finally {
      scratch.dispose();
    }
  });
});

describe('bare root filesystems', () => {
  it.each([
    ['of docker export', () => tarOf(['.dockerenv', 'etc/passwd', 'usr/bin/env'])],
    ['with two common directories', () => tarOf(['./var/x', './opt/y', './app'])],
    ['that are a layer with whiteouts', () => tarOf(['app', '.wh.gone', 'app2'])],
  ])('are an image of one layer: %s', async (_, archive) => {
    for (const bytes of [await archive(), gzipSync(await archive())]) {
      const scratch = new Scratch();
      try {
        const image = await openImage(temporaryFile(bytes), { scratch });
        expect(image).toMatchObject({ format: 'rootfs', imageId: null, manifestDigest: null, platform: null });
        expect(image.warnings).toEqual([expect.stringContaining('docker save has them')]);
        expect(image.layers).toMatchObject([{ index: 1, digest: null, diffId: null, compressedBytes: null }]);
        expect((await scanLayers(image))[0]?.entries.length).toBe(3);
      } finally {
        scratch.dispose();
      }
    }
  });
});

describe('what is no image', () => {
  it.each([
    ['FROM debian\nRUN apt-get update\n', 'a text file'],
    ['', 'an empty file'],
    [Buffer.from([1, 2, 3, 0, 255, 254]), 'no tar archive'],
    [gzipSync('just text'), 'a text file'],
    [Buffer.alloc(1024), 'an empty tar archive'],
  ])('is refused with what it is: %#', async (bytes, what) => {
    const error = await failure(() => openImage(temporaryFile(bytes)));
    expect(error).toMatchObject({ code: 'E_NOT_AN_IMAGE', message: `not an image: ${what}` });
    expect(error.hint).toMatch(/^docker save/);
  });

  it('is refused: another archive, a folder, nothing, a device', async () => {
    const archive = await failure(async () =>
      openImage(temporaryFile(await tarOf(['app-1.2/README', 'app-1.2/usr/x', 'lib/y']))),
    );
    expect(archive.message).toBe('not an image: a tar archive without image or root filesystem (3 entries)');
    const folder = temporaryFolder();
    expect((await failure(() => openImage(folder))).message).toBe('not an image: an empty folder');
    writeFileSync(join(folder, 'x'), '');
    expect((await failure(() => openImage(folder))).message).toBe('not an image: a folder (1 entry)');
    expect((await failure(() => openImage(join(folder, 'gone.tar')))).code).toBe('E_NOT_FOUND');
    expect((await failure(() => openImage('/dev/null'))).code).toBe('E_NOT_AN_IMAGE');
  });

  it('says where JSON is cut or too large', async () => {
    const cut = temporaryFile(await tarOf([{ name: 'manifest.json', body: '[{"Config":"c.json","Lay' }]));
    expect(await failure(() => openImage(cut))).toMatchObject({
      code: 'E_CORRUPT',
      where: `${cut}: manifest.json, character 24`,
    });
    const large = temporaryFile(await tarOf([{ name: 'manifest.json', body: `[${' '.repeat(2000)}]` }]));
    expect((await failure(() => openImage(large, { limits: { ...LIMITS, jsonBytes: 1000 } }))).code).toBe('E_LIMIT');
    for (const body of [
      '{}',
      '[]',
      '[{}]',
      '[null]',
      '[{"Config":"c.json","Layers":[1]}]',
      '"x"',
      '[{"Config":"gone"}]',
    ]) {
      const odd = temporaryFile(await tarOf([{ name: 'manifest.json', body }]));
      expect(['E_CORRUPT', 'E_BLOB_MISSING']).toContain((await failure(() => openImage(odd))).code);
    }
  });
});

describe('hostile archives', () => {
  /** Opens and scans; anything but success or a DlintError fails the test. */
  async function survive(bytes: Buffer, file: string): Promise<string> {
    writeFileSync(file, bytes);
    try {
      await scanLayers(await openImage(file), [{ name: 'keep', options: { globs: ['**'] } }]);
      return 'read';
    } catch (error) {
      if (error instanceof DlintError) return error.code;
      throw error;
    }
  }

  const archives = async (): Promise<Buffer[]> => {
    const oci = new OciFiles();
    oci.top([oci.manifest([one, two])]);
    return [await dockerArchive([one, two]), await oci.archive()];
  };

  it('cut anywhere are read or refused', async () => {
    for (const archive of await archives()) {
      const file = temporaryFile('');
      for (let length = 0; length < archive.length - 1536; length += 512) {
        expect(await survive(archive.subarray(0, length), file)).not.toBe('read');
      }
      for (let length = 1; length < archive.length; length += 997) await survive(archive.subarray(0, length), file);
    }
  });

  it('with a flipped byte are read or refused', async () => {
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (const archive of await archives()) {
      const file = temporaryFile('');
      for (let i = 0; i < 300; i++) {
        const flipped = Buffer.from(archive);
        for (let n = random(3); n >= 0; n--) flipped[random(flipped.length)] = random(256);
        await survive(flipped, file);
      }
    }
  });
});
