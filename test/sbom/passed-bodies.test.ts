import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DlintError } from '../../src/errors.ts';
import { openImage } from '../../src/layers/open.ts';
import { scanArchive } from '../../src/layers/scan-archive.ts';
import { openInput } from '../../src/layers/sources/tar-input.ts';
import { createSbom } from '../../src/sbom/create-sbom.ts';
import { PassedBodies } from '../../src/sbom/passed-bodies.ts';
import type { Sbom } from '../../src/sbom/sbom.ts';
import { sbomGlobs, sbomProbes, sbomProbeTable } from '../../src/sbom/sbom-probes.ts';
import { sbomRenderers } from '../../src/sbom/writers/index.ts';
import { dockerArchive, type Member, OciFiles, tarOf, temporaryFile, temporaryFolder } from '../support/images.ts';
import { shared } from '../support/shared.ts';

const render = sbomRenderers({ toolVersion: '0', sourceDateEpoch: 0 });

/** A document that has all that is known, and what could not be read. */
function written(sbom: Sbom): string {
  const document = render.cyclonedx(sbom);
  return [...document, JSON.stringify(sbom.problems)].join('');
}

async function told(reference: string, image: string): Promise<string> {
  try {
    return written(await createSbom(reference, { hashes: true, allLayers: true, image }));
  } catch (error) {
    if (!(error instanceof DlintError)) throw error;
    return `${error.code} ${error.message} ${error.where}`;
  }
}

/** What is told of an archive that is read at any place, and of the same under the same name that passes once. */
async function bothWays(archive: Buffer): Promise<[string, string]> {
  const file = join(temporaryFolder(), 'image.tar');
  writeFileSync(file, archive);
  const sought = await told(file, '1');
  writeFileSync(file, gzipSync(archive));
  return [sought, await told(file, '1')];
}

const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0' });
const link = (name: string, linkname: string): Member => ({ name, type: 'link', linkname });
/** An ELF header, and the banner far behind it. */
const BUSYBOX = Buffer.concat([
  Buffer.from('7f454c4602010100', 'hex'),
  Buffer.alloc(100_000),
  Buffer.from('BusyBox v1.36.1 (2024-01-01)\0'),
]);
/** Stores sort before what links into them. */
const STORES: Member[] = [
  { name: 'bin/[', body: BUSYBOX, mode: 0o755 },
  link('bin/busybox', 'bin/['),
  { name: 'app/.store/00/ab', body: manifest('of-pnpm') },
  { name: 'app/.store/00/cd', body: 'nobody wants this' },
  { name: 'app/.store/00/empty', body: '' },
  { name: 'app/.store/00/ef.dat', body: `${' '.repeat(70_000)}${manifest('of-yarn')}` },
  { name: 'app/.store/00/01.file', body: 'Metadata-Version: 2.1\nName: of-ostree\nVersion: 2.0\n' },
  { name: 'app/.store/00/fetched.json', body: manifest('of-another-name') },
  link('app/node_modules/of-pnpm/package.json', 'app/.store/00/ab'),
  link('app/node_modules/of-yarn/package.json', 'app/.store/00/ef.dat'),
  link('app/node_modules/of-another-name/package.json', 'app/.store/00/fetched.json'),
  link('app/node_modules/empty/package.json', 'app/.store/00/empty'),
  link('usr/lib/python3/of_ostree-2.0.dist-info/METADATA', 'app/.store/00/01.file'),
  { name: 'usr/bin/tool', body: Buffer.concat([BUSYBOX.subarray(0, 2000), Buffer.alloc(90_000, 'x')]), mode: 0o755 },
];

describe('an archive that passes', () => {
  it('has the packages whose records are hard links to bodies before them', async () => {
    const layers = [await tarOf(STORES), await tarOf([{ name: 'app/node_modules/late/package.json', body: '{}' }])];
    const oci = new OciFiles();
    oci.top([oci.manifest(layers)]);
    for (const archive of [await dockerArchive(layers), await oci.archive(), await tarOf(STORES)]) {
      const [sought, passed] = await bothWays(archive);
      expect(passed).toBe(sought);
      for (const name of ['of-pnpm', 'of-yarn', 'of-ostree', 'of-another-name']) expect(passed).toContain(`${name}@`);
      expect(passed).toContain('"BusyBox"');
    }
  });

  it('tells of a record that had passed as what nobody could want', async () => {
    const file = temporaryFile(
      gzipSync(
        await dockerArchive([
          await tarOf([
            { name: 'app/code.js', body: manifest('odd') },
            link('app/node_modules/odd/package.json', 'app/code.js'),
          ]),
        ]),
      ),
    );
    const { packages, problems } = await createSbom(file);
    expect(packages).toEqual([]);
    expect(problems).toEqual([
      { path: 'app/code.js', message: 'not read: it had passed when a hard link asked for it' },
    ]);
  });

  it('holds what is more than its room in a file, layer by layer, and lets go of what no link wants', async () => {
    const layer = await tarOf(STORES);
    const file = temporaryFile(await dockerArchive([layer, layer]));
    const written = await Promise.all(
      [0, 200, Number.POSITIVE_INFINITY].map(async (room) => {
        const bodies = new PassedBodies(sbomGlobs(), room);
        const passed = await scanArchive(openInput(file), [...sbomProbes(), { name: 'passed' }], {
          reference: file,
          probeTable: { ...sbomProbeTable(), passed: bodies.probe },
          reduce: bodies.reduce,
        });
        const records = passed.records(await openImage(file, { store: passed.store }));
        bodies.close();
        expect(records.map(({ facts }) => Object.keys(facts))).toEqual([
          ['keep', 'read'],
          ['keep', 'read'],
        ]);
        return JSON.stringify(records.map(({ facts }) => facts));
      }),
    );
    expect(new Set(written).size).toBe(1);
    expect(JSON.parse(written[0] as string)[1].keep).toHaveLength(6);
  });

  it('hashes no body where no hashes are asked for', async () => {
    const archive = gzipSync(await dockerArchive([await tarOf(STORES)]));
    const plain = await createSbom(temporaryFile(archive));
    expect(plain.packages.length).toBeGreaterThan(3);
    expect(plain.packages.every(({ hashes }) => hashes === undefined)).toBe(true);
    const hashed = await createSbom(temporaryFile(archive), { hashes: true });
    expect(hashed.packages.some(({ hashesOfFiles }) => hashesOfFiles)).toBe(true);
  });
});

const folders = ['images/archives', 'images/archives/built'].flatMap((folder) => shared(folder) ?? []);
const files = folders.flatMap((folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isFile() && item.name.endsWith('.tar'))
    .map((item) => join(folder, item.name)),
);

describe.skipIf(files.length === 0)('the SBOM of real archives that pass', () => {
  it.each(files)('%s: as by seeking', async (file) => {
    const bytes = readFileSync(file);
    const [sought, passed] = await bothWays(bytes.readUInt16BE() === 0x1f8b ? gunzipSync(bytes) : bytes);
    expect(passed).toBe(sought);
  });
});
