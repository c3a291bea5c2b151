import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, expect, test } from 'vitest';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { stack } from '../../src/layers/stack.ts';
import { createSbom } from '../../src/sbom/create-sbom.ts';
import { withLinkedBodies } from '../../src/sbom/linked-bodies.ts';
import { composeSbom } from '../../src/sbom/sbom.ts';
import { sbomGlobs, sbomProbes, sbomProbeTable } from '../../src/sbom/sbom-probes.ts';
import { imageOf } from '../support/image-of.ts';
import { shared } from '../support/shared.ts';

const folder = mkdtempSync(join(tmpdir(), 'dlint-linked-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A store whose folder sorts before the modules that link into it, as `/root/…/store` before `/usr/src/app`. */
async function layerWithStore(): Promise<{ file: string; length: number }> {
  const tar = pack();
  tar.entry({ name: 'root/store/00/ab' }, '{"name":"linked","version":"1.0.0"}');
  tar.entry({ name: 'root/store/00/cd' }, 'nobody wants this');
  tar.entry({ name: 'usr/src/app/node_modules/linked/package.json', type: 'link', linkname: 'root/store/00/ab' });
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const file = join(folder, 'layer.tar');
  writeFileSync(file, bytes);
  return { file, length: bytes.length };
}

test('a module whose manifest is a hard link into a store is found', async () => {
  const { file, length } = await layerWithStore();
  const image = imageOf(1);
  const layers = image.layers.map((layer) => ({ ...layer, at: { file, offset: 0, length } }));
  const scanned = await scanLayers({ reference: 'x', layers }, sbomProbes(), { probeTable: sbomProbeTable() });
  const records = await withLinkedBodies({ ...image, layers }, scanned, sbomGlobs());
  expect(records[0]?.facts.keep).toHaveLength(1);
  const { packages } = composeSbom({ ...image, layers }, records, stack(records));
  expect(packages.map(({ purl, occurrences }) => [purl, occurrences])).toEqual([
    ['pkg:npm/linked@1.0.0', ['usr/src/app/node_modules/linked/package.json']],
  ]);
});

const busybox = shared('images/archives/snyk-docker-plugin__skopeo-copy_busybox.tar');
test.skipIf(!busybox)('BusyBox is known by its banner, though its body has another name', async () => {
  expect((await createSbom(busybox as string)).distro).toMatchObject({
    id: 'busybox',
    versionId: expect.stringMatching(/^1\.\d+/),
  });
});
