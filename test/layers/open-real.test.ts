import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { listImages, openImage } from '../../src/layers/open.ts';
import { digestProblems, scanLayers } from '../../src/layers/scan-layers.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { shared } from '../support/shared.ts';

interface Row {
  readonly file: string;
  readonly verdict: string;
  readonly images: number;
  readonly image: number;
  readonly layers: number;
  readonly entries: number;
  readonly whiteouts: number;
  readonly opaque: number;
  readonly stored: number;
  readonly diffIds: string;
}

function rows(): Row[] {
  const table = shared('images/expected.tsv');
  if (!table) return [];
  const [head = '', ...lines] = readFileSync(table, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = new Map(line.split('\t').map((cell, i) => [columns[i], cell]));
    const number = (name: string): number => Number(cells.get(name) ?? Number.NaN);
    return {
      file: cells.get('file') ?? '',
      verdict: cells.get('verdict') ?? '',
      images: number('images'),
      image: number('image'),
      layers: number('layers'),
      entries: number('entries'),
      whiteouts: number('whiteouts'),
      opaque: number('opaque'),
      stored: number('stored'),
      diffIds: cells.get('diff_ids') ?? '',
    };
  });
}

const all = rows();
const readable = all.filter(({ verdict }) => verdict === 'image' || verdict === 'multi-image');
/** The table calls bare layers and root filesystems no images; they are read as one layer all the same. */
const bare = new Map([
  ['82c3c86_trivy__testdata_test.tar', 7],
  ['claircore__testdata_concat.tar', 11],
  ['claircore__testdata_rhcos-layer-with-conflicting-files.tar', 8],
  ['container-inspector__distro_windows-container-rootfs.tar', 24],
  ['trivy__testdata_normal.tar', 5],
  ['trivy__testdata_opq.tar', 6],
  ['trivy__testdata_opq2.tar', 6],
  ['built/docker26-export-rootfs.tar', 290],
]);
const notImages = all.filter(({ verdict, file }) => verdict === 'not-an-image' && !bare.has(file));
const broken = all.filter(({ verdict }) => verdict === 'broken');
const path = (file: string): string => join(shared('images/archives') ?? '', file);

async function failure(run: () => Promise<unknown>): Promise<DlintError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof DlintError) return error;
    throw error;
  }
  throw new Error('this should have failed');
}

describe.skipIf(!shared('images/expected.tsv'))('real archives', () => {
  it.each(readable)('$file, image $image', async (row) => {
    const scratch = new Scratch();
    try {
      expect(await listImages(path(row.file), { scratch })).toHaveLength(row.images);
      const image = await openImage(path(row.file), { image: String(row.image + 1), scratch });
      const records = await scanLayers(image, [], { verify: true });
      const sum = (count: (record: (typeof records)[number]) => number): number =>
        records.reduce((total, record) => total + count(record), 0);
      const kinds = records.flatMap(({ entries }) => [...entries].map(({ kind }) => kind));
      expect({
        layers: image.layers.length,
        entries: sum(({ entries }) => [...entries].filter((e) => e.path !== '' || e.kind === 'opaque').length),
        whiteouts: kinds.filter((kind) => kind === 'whiteout').length,
        opaque: kinds.filter((kind) => kind === 'opaque').length,
        stored: sum(({ storedBytes }) => storedBytes),
      }).toEqual({
        layers: row.layers,
        entries: row.entries,
        whiteouts: row.whiteouts,
        opaque: row.opaque,
        stored: row.stored,
      });
      const problems = image.layers.flatMap((layer, i) =>
        digestProblems(layer, records[i] as (typeof records)[number]),
      );
      expect(problems.length > 0 ? 'mismatch' : image.layers[0]?.diffId === null ? 'unstated' : 'ok').toBe(row.diffIds);
    } finally {
      scratch.dispose();
    }
  });

  it.each(notImages)('$file is no image', async ({ file }) => {
    const error = await failure(() => openImage(path(file)));
    expect(error.code).toBe('E_NOT_AN_IMAGE');
    expect(error.hint).toMatch(/docker save/);
  });

  it.each([...bare])('%s is a bare layer of %i entries', async (file, entries) => {
    const image = await openImage(path(file));
    expect(image).toMatchObject({
      format: 'rootfs',
      imageId: null,
      warnings: [expect.stringMatching(/docker export/)],
    });
    const [record] = await scanLayers(image, [], { verify: true });
    // Here and in the table, the root directory counts where a tar lists it.
    expect(record?.entries.length).toBe(entries);
  });

  it.each(broken)('$file is broken', async ({ file }) => {
    const error = await failure(async () => await scanLayers(await openImage(path(file))));
    expect(['E_TRUNCATED', 'E_CORRUPT', 'E_BLOB_MISSING']).toContain(error.code);
    expect(error.where).toContain(file);
  });

  it('says what an archive is that is no image', async () => {
    const error = await failure(() => openImage(path('claircore__testdata_paxsize.tar')));
    expect(error.message).toBe('not an image: a tar archive without image or root filesystem (1 entry)');
    const folders = await failure(() => openImage(path('container-inspector__v10_format_images.tgz')));
    expect(folders.message).toMatch(
      /folders that hold images: mycompany_base_4_0_0, .*; unpack it and give one of them$/,
    );
  });

  it('says where a tar was cut, and which blob is missing', async () => {
    const cut = await failure(() => openImage(path('moby__testdata_writer-big.tar')));
    expect(cut).toMatchObject({ code: 'E_TRUNCATED', message: expect.stringContaining('tmp/16gig.txt') });
    const missing = await failure(() => openImage(path('oci-dirs/trivy_test_invalid_oci_image.oci')));
    expect(missing).toMatchObject({ code: 'E_BLOB_MISSING', message: expect.stringContaining('bad744871f99') });
    const none = await failure(() => openImage(path('oci-dirs/trivy_test_no_valid_manifests.oci')));
    expect(none.message).toBe('index.json names no manifest');
  });

  it('lists images whose blobs are not there as missing', async () => {
    const image = await openImage(path('snyk-docker-plugin__containerd-archives_busybox.amd64.tar'));
    expect(image.platform).toMatchObject({ os: 'linux', architecture: 'amd64' });
  });
});
