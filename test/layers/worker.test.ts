import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import esbuild from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import type { Image } from '../../src/layers/image.ts';
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
