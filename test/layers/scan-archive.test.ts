import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { inspectImage } from '../../src/layers/inspect.ts';
import { liveContents } from '../../src/layers/live-contents.ts';
import { openImage } from '../../src/layers/open.ts';
import { imageReport } from '../../src/layers/report.ts';
import { scanArchive } from '../../src/layers/scan-archive.ts';
import { openInput } from '../../src/layers/sources/tar-input.ts';
import { stack } from '../../src/layers/stack.ts';
import { renderInspectJson } from '../../src/report/inspect-json.ts';
import { dockerArchive, OciFiles, sha256, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';
import { shared } from '../support/shared.ts';

const tool = { name: 'dlint', version: '0' };

async function told(report: () => Promise<Parameters<typeof renderInspectJson>[0]>): Promise<string> {
  try {
    return [...renderInspectJson(await report())].join('');
  } catch (error) {
    if (!(error instanceof DlintError)) throw error;
    return `${error.code} ${error.message} ${error.where}`;
  }
}

/** What is told of a file that is read at any place, and of the same file read from front to back. */
async function bothWays(file: string, image: string): Promise<[string, string]> {
  const sought = await told(() => inspectImage(file, { tool, image }));
  const passed = await told(async () => {
    const archive = await scanArchive(openInput(file), [], { reference: file });
    const opened = await openImage(file, { store: archive.store, image });
    const records = archive.records(opened);
    const tree = stack(records);
    return imageReport(opened, records, tree, { tool, live: await liveContents(opened, records, tree) });
  });
  return [sought, passed];
}

async function layersOf(): Promise<Buffer[]> {
  const large = Buffer.alloc(300_000, 'x');
  return await Promise.all([
    tarOf([
      { name: 'etc/', type: 'directory' },
      { name: 'etc/same', body: large },
      { name: 'etc/other', body: 'one' },
    ]),
    tarOf([{ name: 'etc/same', body: large, mode: 0o600 }, { name: 'etc/other', body: 'two' }, 'etc/.wh.gone']),
  ]);
}

describe('scanArchive', () => {
  it('tells the same as reading at any place: docker, OCI, with layers before and after their manifest', async () => {
    const layers = await layersOf();
    const oci = new OciFiles();
    oci.top([oci.manifest(layers)]);
    const reversed = new Map([...oci.files].reverse());
    const archives = [
      await dockerArchive(layers),
      await oci.archive(),
      await oci.archive('./'),
      await tarOf([...reversed].map(([name, body]) => ({ name, body }))),
      await tarOf([
        { name: 'etc/', type: 'directory' },
        { name: 'usr/', type: 'directory' },
        'etc/passwd',
        'usr/a.json',
      ]),
    ];
    for (const archive of archives) {
      for (const bytes of [archive, gzipSync(archive)]) {
        const [sought, passed] = await bothWays(temporaryFile(bytes), '1');
        expect(passed).toBe(sought);
        expect(JSON.parse(passed).layers.length).toBeGreaterThan(0);
      }
    }
  });

  it('follows layers that are links to other members', async () => {
    const [layer] = (await layersOf()) as [Buffer];
    const config = JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [] } });
    const archive = await tarOf([
      { name: 'one/layer.tar', type: 'symlink', linkname: '../two/layer.tar' },
      { name: `${sha256(config)}.json`, body: config },
      {
        name: 'manifest.json',
        body: JSON.stringify([{ Config: `${sha256(config)}.json`, Layers: ['one/layer.tar', 'two/layer.tar'] }]),
      },
      { name: 'two/layer.tar', body: layer },
    ]);
    const [sought, passed] = await bothWays(temporaryFile(archive), '1');
    expect(passed).toBe(sought);
    expect(JSON.parse(passed).layers).toHaveLength(2);
  });

  it('tells the same of what is broken', async () => {
    const [one, two] = (await layersOf()) as [Buffer, Buffer];
    const good = await dockerArchive([one, two]);
    const cut = await dockerArchive([one, two.subarray(0, two.length - 2000)]);
    const text = await dockerArchive([one, Buffer.from('no tar at all '.repeat(100))]);
    const json = await dockerArchive([one, Buffer.from(JSON.stringify({ a: 'b'.repeat(2000) }))]);
    const short = await dockerArchive([one, Buffer.from('short')]);
    const empty = await dockerArchive([one, Buffer.alloc(0)]);
    const xz = await dockerArchive([one, Buffer.from(`fd377a585a00${'00'.repeat(600)}`, 'hex')]);
    const gzip = await dockerArchive([one, gzipSync(two).subarray(0, -20)]);
    for (const bytes of [good.subarray(0, 5000), cut, text, json, short, empty, xz, gzip, Buffer.from('hello\n')]) {
      const [sought, passed] = await bothWays(temporaryFile(bytes), '1');
      expect(passed).toBe(sought);
    }
  });

  it.skipIf(spawnSync('tar', ['--version']).stdout?.includes('GNU') !== true)(
    'compares sparse files as well',
    async () => {
      const folder = temporaryFolder();
      const layer = (name: string, byte: string): Buffer => {
        const fd = openSync(join(folder, name), 'w');
        writeSync(fd, Buffer.alloc(100_000, byte), 0, 100_000, 5_000_000);
        closeSync(fd);
        return execFileSync('tar', ['-cS', '--format=pax', '--transform=s/.*/sparse/', name], { cwd: folder });
      };
      const file = temporaryFile(await dockerArchive([layer('one', 'a'), layer('two', 'b'), layer('three', 'b')]));
      const [sought, passed] = await bothWays(file, '1');
      expect(passed).toBe(sought);
      expect(JSON.parse(passed).layers).toHaveLength(3);
    },
  );

  it('refuses a layer only when it is asked for', async () => {
    const layers = await layersOf();
    const good = new OciFiles();
    good.top([
      { ...good.manifest(layers.slice(0, 1)), annotations: { 'org.opencontainers.image.ref.name': 'good' } },
      { ...good.manifest(layers), annotations: { 'org.opencontainers.image.ref.name': 'bad' } },
    ]);
    const name = `blobs/sha256/${sha256(gzipSync(layers[1] as Buffer))}`;
    good.files.set(name, (good.files.get(name) as Buffer).subarray(0, 60));
    const file = temporaryFile(await good.archive());
    const [sought, passed] = await bothWays(file, 'good');
    expect(passed).toBe(sought);
    expect((await bothWays(file, 'bad'))[1]).toMatch(/^E_TRUNCATED .*bad\): layer 2/);
  });

  it('hashes every byte when it shall verify', async () => {
    const layers = await layersOf();
    const file = temporaryFile(await dockerArchive(layers));
    const archive = await scanArchive(openInput(file), [], { reference: file, verify: true });
    const opened = await openImage(file, { store: archive.store });
    expect(archive.records(opened).map(({ diffId }) => diffId)).toEqual(
      layers.map((bytes) => `sha256:${sha256(bytes)}`),
    );
  });

  it('hashes compressed layers as a whole, and bodies, unless nobody asks', async () => {
    const oci = new OciFiles();
    oci.top([oci.manifest(await layersOf())]);
    const file = temporaryFile(await oci.archive());
    const opened = await openImage(file);
    const read = async (options: object) => {
      const [record] = (await scanArchive(openInput(file), [], { reference: file, ...options })).records(opened);
      return [record?.digest, record?.diffId, record?.entries.digest(1) !== undefined];
    };
    const [layer] = opened.layers;
    expect(await read({})).toEqual([layer?.digest, layer?.diffId, true]);
    expect(await read({ hash: false })).toEqual([layer?.digest, layer?.diffId, false]);
    expect(await read({ verify: false })).toEqual([null, null, true]);
  });

  it.skipIf(spawnSync('xz', ['--version']).status !== 0)('reads what the programs xz and bzip2 unpack', async () => {
    const archive = await dockerArchive(await layersOf());
    for (const program of ['xz', 'bzip2'].filter(
      (name) => spawnSync(name, ['--version'], { input: '' }).status === 0,
    )) {
      const bytes = spawnSync(program, ['-c'], { input: archive }).stdout;
      const [sought, passed] = await bothWays(temporaryFile(bytes), '1');
      expect(passed).toBe(sought);
      expect((await bothWays(temporaryFile(bytes.subarray(0, -40)), '1'))[1]).toMatch(/^E_TRUNCATED/);
    }
  });
});

const folders = ['images/archives', 'images/archives/built'].flatMap((folder) => shared(folder) ?? []);
const files = folders.flatMap((folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(folder, item.name)),
);

describe.skipIf(files.length === 0)('scanArchive of real archives', () => {
  it.each(files)('%s: the same report as by seeking', async (file) => {
    for (const image of ['1', '2']) {
      const [sought, passed] = await bothWays(file, image);
      expect(passed).toBe(sought);
    }
  });
});
