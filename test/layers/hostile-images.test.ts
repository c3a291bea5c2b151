import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rawFrame } from '../../scripts/fuzz/zstd.ts';
import { DlintError } from '../../src/errors.ts';
import { inspectImage } from '../../src/layers/inspect.ts';
import { openImage } from '../../src/layers/open.ts';
import { sniff } from '../../src/layers/sniff.ts';
import { renderInspectText } from '../../src/report/inspect-text.ts';
import { asNobody } from '../support/as-nobody.ts';
import {
  archiveOf,
  configOf,
  dockerFiles,
  file,
  hardlink,
  hex,
  ociFiles,
  pax,
  type RawImage,
  symlink,
  tar,
} from '../support/hostile.ts';
import { temporaryFile, temporaryFolder } from '../support/images.ts';

const TOOL = { name: 'dlint', version: '0' };
const LAYER = tar(file('etc/hosts', 'localhost\n'), file('a', 'x'.repeat(3000)));
const IMAGE: RawImage = { layers: [LAYER] };

type Docker = [{ Config: string; RepoTags: string[]; Layers: string[] }];
type Manifest = { config: object; layers: { digest: string; size: number }[] };

const docker = (change: (manifest: Docker[0]) => object): Map<string, Buffer> =>
  dockerFiles({ ...IMAGE, manifest: (honest) => JSON.stringify([change((honest as Docker)[0])]) });
const oci = (change: (manifest: Manifest) => object): Map<string, Buffer> =>
  ociFiles({ ...IMAGE, manifest: (honest) => JSON.stringify(change(honest as Manifest)) });
const configured = (config: string): Map<string, Buffer> => dockerFiles({ ...IMAGE, config });

/** What reading comes to: `read`, or the code of the error. Anything else thrown fails the test. */
async function outcome(reference: string, verify = false): Promise<string> {
  try {
    const report = await inspectImage(reference, { tool: TOOL, verify });
    for (const _ of renderInspectText(report, { color: false, width: 100 }));
    return 'read';
  } catch (error) {
    if (error instanceof DlintError) return error.code;
    throw error;
  }
}

function folderOf(files: ReadonlyMap<string, Buffer>): string {
  const folder = temporaryFolder();
  for (const [name, body] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), body);
  }
  return folder;
}

/** An index that names itself twice, `depth` levels down. */
function selfNaming(): Map<string, Buffer> {
  const digest = `sha256:${hex('loop')}`;
  const index = Buffer.from(JSON.stringify({ manifests: [{ digest }, { digest }] }));
  return new Map([
    ['oci-layout', Buffer.from('{}')],
    [`blobs/sha256/${hex('loop')}`, index],
    ['index.json', index],
  ]);
}

const deep = (open: string, close: string, count = 100_000): string => open.repeat(count) + close.repeat(count);
const twice = (files: Map<string, Buffer>): [string, string][] => [
  ['an archive', temporaryFile(archiveOf(files))],
  ['an archive that passes by', temporaryFile(gzipSync(archiveOf(files), { level: 1 }))],
  ['a folder', folderOf(files)],
];

describe('documents, in an archive, one that passes by and a folder', () => {
  it.each<[string, string, () => Map<string, Buffer>]>([
    ['a config that is a list', 'read', () => configured('[1,2]')],
    ['a config that is a number', 'read', () => configured('5')],
    ['a config that is a text', 'read', () => configured('"x"')],
    ['a config that is no JSON', 'E_CORRUPT', () => configured('{')],
    ['lists 100,000 deep', 'read', () => configured(deep('[', ']'))],
    [
      'objects 100,000 deep in labels and history',
      'read',
      () =>
        configured(
          `{"history":[{"created_by":${deep('[', ']')}}],"config":{"Labels":${deep('{"a":', '}').replace('{"a":}', '{}')}}}`,
        ),
    ],
    ['a config of 9 MiB', 'E_LIMIT', () => configured(`{"a":"${'x'.repeat(9 << 20)}"}`)],
    [
      'a history of 200,000 steps',
      'E_LIMIT',
      () => configured(configOf([LAYER], { history: Array(200_000).fill({}) })),
    ],
    [
      'labels and variables of 200 KB and more',
      'read',
      () =>
        configured(
          configOf([LAYER], { config: { Env: [`A=${'x y'.repeat(100_000)}`], Labels: { a: 'b '.repeat(100_000) } } }),
        ),
    ],
    [
      'dates that are none',
      'read',
      () => configured(configOf([LAYER], { created: 'yesterday', history: [{ created: 7 }] })),
    ],
    [
      'values of other types everywhere',
      'read',
      () =>
        configured(
          '{"os":7,"architecture":[],"config":{"Env":5,"Cmd":{},"Labels":["x"],"ExposedPorts":1},"rootfs":"x","history":{}}',
        ),
    ],
    ['an image without layers', 'read', () => dockerFiles({ layers: [] })],
    ['100,000 layers', 'E_LIMIT', () => docker((m) => ({ ...m, Layers: Array(100_000).fill(m.Layers[0]) }))],
    ['one layer twice', 'read', () => docker((m) => ({ ...m, Layers: [m.Layers[0], m.Layers[0]] }))],
    [
      'a layer outside of the archive',
      'E_BLOB_MISSING',
      () => docker((m) => ({ ...m, Layers: ['../../../../etc/passwd'] })),
    ],
    ['a layer whose name holds NUL', 'E_BLOB_MISSING', () => docker((m) => ({ ...m, Layers: ['a\0b'] }))],
    [
      'a layer with a name of 5,000 bytes',
      'E_BLOB_MISSING',
      () => docker((m) => ({ ...m, Layers: ['x'.repeat(5000)] })),
    ],
    ['a layer that is a number', 'E_CORRUPT', () => docker((m) => ({ ...m, Layers: [5] }))],
    ['a layer that is the config', 'E_CORRUPT', () => docker((m) => ({ ...m, Layers: [m.Config] }))],
    [
      '100,000 images',
      'E_LIMIT',
      () => dockerFiles({ ...IMAGE, manifest: () => JSON.stringify(Array(100_000).fill({})) }),
    ],
    ['a manifest that is a number', 'E_CORRUPT', () => dockerFiles({ ...IMAGE, manifest: () => '7' })],
    ['an index that names itself', 'E_LIMIT', selfNaming],
    [
      'an index of 100,000 manifests',
      'E_LIMIT',
      () =>
        ociFiles({ ...IMAGE, index: ({ digest }) => JSON.stringify({ manifests: Array(100_000).fill({ digest }) }) }),
    ],
    [
      'an index of junk',
      'E_CORRUPT',
      () => ociFiles({ ...IMAGE, index: () => '{"manifests":[5,null,[],{"digest":"sha256:../x"}]}' }),
    ],
    [
      'a media type that is none',
      'read',
      () => oci((m) => ({ ...m, layers: m.layers.map((layer) => ({ ...layer, mediaType: 'x/\0' })) })),
    ],
    [
      'a size that is a lie',
      'read',
      () => oci((m) => ({ ...m, layers: m.layers.map((layer) => ({ ...layer, size: -1 })) })),
    ],
    [
      'a foreign layer',
      'E_BLOB_MISSING',
      () => oci((m) => ({ ...m, layers: [{ digest: `sha256:${hex('f')}`, urls: ['http://x'] }] })),
    ],
    [
      'a layer whose digest is a path',
      'E_CORRUPT',
      () => oci((m) => ({ ...m, layers: [{ digest: 'sha256:../../../etc/passwd' }] })),
    ],
    [
      'a layer in bzip2',
      'E_UNSUPPORTED',
      () => ociFiles({ ...IMAGE, compress: () => Buffer.from('BZh9junk'.padEnd(600)) }),
    ],
  ])('%s: %s', async (_, expected, files) => {
    for (const [how, reference] of twice(files())) expect([how, await outcome(reference)]).toEqual([how, expected]);
  });

  it('a digest that is another, when every byte shall be verified', async () => {
    const files = ociFiles(IMAGE);
    const [name] = [...files].find(([, body]) => body.readUInt16BE(0) === 0x1f8b) as [string, Buffer];
    files.set(name, gzipSync(tar(file('other', 'x'))));
    for (const [how, reference] of twice(files)) {
      expect([how, await outcome(reference), await outcome(reference, true)]).toEqual([how, 'read', 'E_DIGEST']);
    }
  });

  it('a body of megabytes under a thousand names', async () => {
    const files = ociFiles(IMAGE);
    const body = Buffer.from(JSON.stringify({ config: {}, layers: [], junk: 'x'.repeat(7 << 20) }));
    const names = Array.from({ length: 1500 }, (_, i) => hex(String(i)));
    const links = names.map((name) =>
      Buffer.concat([pax([['linkpath', 'blobs/body']]), hardlink(`blobs/sha256/${name}`, 'x')]),
    );
    files.set(
      'index.json',
      Buffer.from(JSON.stringify({ manifests: names.map((name) => ({ digest: `sha256:${name}` })) })),
    );
    const members = [...files].map(([name, bytes]) => file(name, bytes));
    expect(await outcome(temporaryFile(tar(...members, file('blobs/body', body), ...links)))).toBe('E_LIMIT');
  });

  it('a document of 1 GiB is not read', async () => {
    const files = dockerFiles(IMAGE);
    const sparse = temporaryFile(archiveOf(files));
    const head = Buffer.concat(
      [...files].filter(([name]) => name !== 'manifest.json').map(([name, body]) => file(name, body)),
    );
    writeFileSync(sparse, Buffer.concat([head, file('manifest.json', '', { size: 2 ** 30 })]));
    truncateSync(sparse, head.length + 512 + 2 ** 30 + 1024);
    expect(await outcome(sparse)).toBe('E_LIMIT');
  });

  it('what a terminal would obey is shown, not sent', async () => {
    const evil = '\u001b[2J\u0007';
    const config = configOf([LAYER], {
      ...{ os: evil, created: evil, author: evil, history: [{ created_by: evil, created: evil, comment: evil }] },
      config: { User: evil, Env: [`A=${evil}`], Cmd: [evil], Labels: { [evil]: evil }, WorkingDir: evil },
    });
    const layers = [tar(file(`x${evil}`, 'x'), symlink(`y${evil}`, evil), file(`.wh.${evil}`))];
    const manifest = (honest: unknown): string => JSON.stringify([{ ...(honest as Docker)[0], RepoTags: [evil] }]);
    const report = await inspectImage(temporaryFile(archiveOf(dockerFiles({ layers, config, manifest }))), {
      tool: TOOL,
    });
    const text = [...renderInspectText(report, { color: false, width: 100 })].join('');
    expect(text).toContain('\\x1b');
    expect(text).not.toMatch(/[\u001b\u0007]/);
  });
});

describe('layouts in folders', () => {
  const blobs = (): { folder: string; layer: string } => {
    const files = ociFiles(IMAGE);
    const [name] = [...files].find(([, body]) => body.readUInt16BE(0) === 0x1f8b) as [string, Buffer];
    const folder = folderOf(files);
    return { folder, layer: join(folder, name) };
  };

  it('links to files elsewhere are followed, as Bazel writes them', async () => {
    const { folder, layer } = blobs();
    rmSync(layer);
    symlinkSync(temporaryFile(gzipSync(LAYER)), layer);
    expect(await outcome(folder)).toBe('read');
  });

  it.each<[string, string, (layer: string) => void]>([
    ['a FIFO', 'E_BLOB_MISSING', (layer) => execFileSync('mkfifo', [layer])],
    ['a device', 'E_BLOB_MISSING', (layer) => symlinkSync('/dev/zero', layer)],
    ['a folder', 'E_BLOB_MISSING', (layer) => mkdirSync(layer)],
    ['a link to nothing', 'E_BLOB_MISSING', (layer) => symlinkSync('nowhere', layer)],
    ['a link to itself', 'E_READ', (layer) => symlinkSync(layer, layer)],
    ['an empty file', 'read', (layer) => writeFileSync(layer, '')],
  ])('%s in place of a layer: %s', async (_, expected, put) => {
    const { folder, layer } = blobs();
    rmSync(layer);
    put(layer);
    expect(await outcome(folder)).toBe(expected);
  });

  it('a folder in place of index.json, and a link to itself', async () => {
    const { folder } = blobs();
    rmSync(join(folder, 'index.json'));
    mkdirSync(join(folder, 'index.json'));
    expect(await outcome(folder)).toBe('E_NOT_AN_IMAGE');
    rmSync(join(folder, 'index.json'), { recursive: true });
    symlinkSync('index.json', join(folder, 'index.json'));
    expect(await outcome(folder)).toBe('E_READ');
  });

  it('files that may not be read', async () => {
    const { folder, layer } = blobs();
    chmodSync(folder, 0o755);
    chmodSync(layer, 0);
    expect(await asNobody(() => outcome(folder))).toBe('E_READ');
    chmodSync(join(folder, 'index.json'), 0);
    expect(await asNobody(() => outcome(folder))).toBe('E_READ');
  });
});

describe('archives that are cut, at 500 places each', () => {
  const layers = [LAYER, tar(file('etc/.wh.hosts'), file('b', 'y'.repeat(900)))];
  const known = new Set(['E_TRUNCATED', 'E_CORRUPT', 'E_BLOB_MISSING', 'E_NOT_AN_IMAGE']);

  it.each<[string, Buffer]>([
    ['docker', archiveOf(dockerFiles({ layers }))],
    ['OCI', archiveOf(ociFiles({ layers }))],
    ['OCI with zstd layers', archiveOf(ociFiles({ layers, compress: rawFrame }))],
    ['gzip around docker', gzipSync(archiveOf(dockerFiles({ layers })))],
    ['zstd around OCI', rawFrame(archiveOf(ociFiles({ layers })))],
  ])('%s', async (_, bytes) => {
    const cut = temporaryFile(bytes);
    expect(await outcome(cut)).toBe('read');
    // Behind the last document there are only zeros; a stream that is compressed as a whole is needed to its end.
    const needed = sniff(bytes) === 'other' ? bytes.findLastIndex((byte) => byte !== 0) + 1 : bytes.length;
    for (let i = 499; i >= 0; i--) {
      const length = Math.floor((bytes.length * i) / 500);
      truncateSync(cut, length);
      const found = await outcome(cut);
      if (length < needed) expect([length, known.has(found)]).toEqual([length, true]);
    }
  });
});

it('an image that is asked for by a name that nobody has is not found, whatever the name', async () => {
  const reference = temporaryFile(archiveOf(dockerFiles(IMAGE)));
  for (const image of ['', '\0', '9'.repeat(400), '../x', '-1']) {
    await expect(openImage(reference, { image })).rejects.toMatchObject({ code: 'E_NO_SUCH_IMAGE' });
  }
});
