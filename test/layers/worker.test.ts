import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import esbuild from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import type { Image, Layer } from '../../src/layers/image.ts';
import { openImage } from '../../src/layers/open.ts';
import type { KeptBody, LayerRecord } from '../../src/layers/record.ts';
import { digestProblems, scanLayers } from '../../src/layers/scan-layers.ts';
import { OciFiles, sha256, tarOf, temporaryFile } from '../support/images.ts';

const keep = [{ name: 'keep', options: { globs: ['**/package.json'] } }];
let worker = '';
let layers: Buffer[] = [];

beforeAll(async () => {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(import.meta.dirname, '../../src/layers/worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    logLevel: 'error',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  });
  worker = outputFiles[0]?.text ?? '';
  const noise = randomBytes(1_500_000);
  layers = await Promise.all([
    tarOf([
      { name: 'a/package.json', body: '{}' },
      { name: 'noise', body: noise },
    ]),
    tarOf([
      { name: 'more', body: Buffer.concat([noise, noise]) },
      { name: 'package.json', body: '[]' },
    ]),
  ]);
});

/** An image large enough for threads, with a layer that occurs twice. */
async function image(broken?: (bytes: Buffer) => Buffer): Promise<{ image: Image; workerFile: string }> {
  const oci = new OciFiles();
  oci.top([oci.manifest([layers[0] as Buffer, layers[1] as Buffer, layers[0] as Buffer])]);
  if (broken) {
    const name = `blobs/sha256/${sha256(gzipSync(layers[1] as Buffer))}`;
    oci.files.set(name, broken(oci.files.get(name) as Buffer));
  }
  return { image: await openImage(oci.folder()), workerFile: temporaryFile(worker, 'layer-worker.cjs') };
}

const plain = (records: readonly LayerRecord[]) =>
  records.map((record) => ({ ...record, entries: [...record.entries] }));

describe('scanLayers in worker threads', () => {
  it('gives the records that it gives without', async () => {
    const { image: opened, workerFile } = await image();
    const progress: number[] = [];
    const records = await scanLayers(opened, keep, {
      workerFile,
      onProgress: ({ done, total }) => progress.push(done / (total ?? 0)),
    });
    expect(plain(records)).toEqual(plain(await scanLayers(opened, keep)));
    expect(records[2]).toBe(records[0]);
    const [fact] = (records[1] as LayerRecord).facts.keep as KeptBody[];
    expect([fact?.entry, Buffer.from(fact?.bytes ?? []).toString()]).toEqual([1, '[]']);
    expect(records.map(({ diffId }) => diffId)).toEqual(opened.layers.map(({ diffId }) => diffId));
    expect(opened.layers.flatMap((layer, i) => digestProblems(layer, records[i] as LayerRecord))).toEqual([]);
    expect(progress.at(-1)).toBe(1);
  });

  it('brings errors back whole', async () => {
    const { image: opened, workerFile } = await image((bytes) => bytes.subarray(0, bytes.length >> 1));
    const error = await scanLayers(opened, [], { workerFile }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DlintError);
    expect(error).toMatchObject({ code: 'E_TRUNCATED', where: `${opened.reference}: layer 2` });
  });

  it('tells of a digest that is not the one stated', async () => {
    const { image: opened, workerFile } = await image(() => gzipSync(layers[0] as Buffer, { level: 1 }));
    const records = await scanLayers(opened, [], { workerFile });
    const problems = opened.layers.flatMap((layer, i) => digestProblems(layer, records[i] as LayerRecord));
    expect(problems).toHaveLength(2);
    expect(problems[1]).toBe(
      `layer 2 unpacks to sha256:${sha256(layers[0] as Buffer)}, not sha256:${sha256(layers[1] as Buffer)} as the config states`,
    );
  });

  it('ends when it is told to', async () => {
    const { image: opened, workerFile } = await image();
    const controller = new AbortController();
    const scan = scanLayers(opened, [], { workerFile, signal: controller.signal });
    controller.abort();
    await expect(scan).rejects.toMatchObject({ name: 'AbortError' });
    await expect(scanLayers(opened, [], { workerFile, signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('tells of a worker that dies', async () => {
    const { image: opened } = await image();
    const workerFile = temporaryFile('process.exit(3)', 'layer-worker.cjs');
    await expect(scanLayers(opened, [], { workerFile })).rejects.toThrow('a worker thread ended with code 3');
    writeFileSync(workerFile, 'throw new Error("boom")');
    await expect(scanLayers(opened, [], { workerFile })).rejects.toThrow('boom');
    expect(readFileSync(workerFile, 'utf8')).toContain('boom');
  });
});

describe('scanLayers of large plain layers', () => {
  const HOLE = 300 * 1024 * 1024;

  /** A layer of a few files around one that is a hole on the disk, each with the bytes that come behind the hole. */
  async function sparse(index: number, rest: Buffer): Promise<Layer> {
    const start = await tarOf([{ name: `large-${index}`, body: '' }]);
    const header = start.subarray(0, 512);
    header.write(HOLE.toString(8).padStart(11, '0'), 124, 'latin1');
    header.fill(0x20, 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
      'latin1',
    );
    const file = temporaryFile(header, `layer-${index}.tar`);
    truncateSync(file, 512 + HOLE);
    appendFileSync(file, rest);
    const length = 512 + HOLE + rest.length;
    return {
      index,
      digest: null,
      diffId: null,
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      compressedBytes: null,
      createdBy: null,
      at: { file, offset: 0, length },
    };
  }

  async function sparseImage(broken?: number): Promise<{ layers: Layer[]; reference: string }> {
    const layers: Layer[] = [];
    for (let index = 1; index <= 4; index++) {
      const rest = await tarOf(
        Array.from({ length: 50 * index }, (_, i) => ({ name: `${index}/file-${i}`, body: 'x' })),
      );
      if (index === broken) rest.fill(0xff, 5120, 5632);
      layers.push(await sparse(index, rest));
    }
    return { layers: [...layers, { ...(layers[0] as Layer), index: 5 }], reference: 'large' };
  }

  it('gives the same records with threads beside this one and without', async () => {
    const image = await sparseImage();
    const workerFile = temporaryFile(worker, 'layer-worker.cjs');
    const told: number[] = [];
    const [alone, shared] = [
      await scanLayers(image, [], { threads: 1, workerFile }),
      await scanLayers(image, [], { threads: 3, workerFile, onRecord: (_, layer) => told.push(layer) }),
    ];
    expect(plain(shared)).toEqual(plain(alone));
    expect(shared.map(({ entries }) => entries.length)).toEqual([51, 101, 151, 201, 51]);
    expect(shared[0]?.entries.size(0)).toBe(HOLE);
    expect(told.sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends with the error of any layer, whoever reads it', async () => {
    const workerFile = temporaryFile(worker, 'layer-worker.cjs');
    for (const broken of [1, 2, 3, 4]) {
      const error = await scanLayers(await sparseImage(broken), [], { threads: 2, workerFile }).catch(
        (caught) => caught,
      );
      expect(error).toBeInstanceOf(DlintError);
      expect(error).toMatchObject({ code: 'E_CORRUPT', where: expect.stringContaining(`large: layer ${broken}`) });
    }
  });

  it('ends with the error of who takes the records', async () => {
    const workerFile = temporaryFile(worker, 'layer-worker.cjs');
    const onRecord = (): never => {
      throw new DlintError('E_LIMIT', 'enough');
    };
    const scan = scanLayers(await sparseImage(), [], { threads: 2, workerFile, onRecord });
    await expect(scan).rejects.toThrow('enough');
  });
});
