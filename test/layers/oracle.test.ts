import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StackedTree } from '../../src/layers/image-tree.ts';
import { openImage } from '../../src/layers/open.ts';
import type { LayerRecord } from '../../src/layers/record.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { stack } from '../../src/layers/stack.ts';
import { decide } from '../support/decide.ts';
import { askOracle, hasOracle, inOracleWords, oracleLine } from '../support/oracle.ts';
import { shared } from '../support/shared.ts';

interface Expected {
  readonly file: string;
  readonly verdict: string;
  readonly image: number;
  readonly figures: Readonly<Record<string, number>>;
}

const COLUMNS = [
  'layers',
  'stored',
  'live',
  'dead',
  'files',
  'apparent',
  'added',
  'modified',
  'removed',
  'rewritten_same',
];

/** Rows of ../shared/images/expected.tsv whose archives are at hand and readable by the oracle. */
function expectedImages(): Expected[] {
  const table = shared('images/expected.tsv');
  if (!table) return [];
  const [head = '', ...lines] = readFileSync(table, 'utf8').trimEnd().split('\n');
  const names = head.split('\t');
  return lines
    .map((line) => Object.fromEntries(line.split('\t').map((value, i) => [names[i] as string, value])))
    .filter((row) => row.verdict === 'image' || row.verdict === 'multi-image')
    .filter((row) => shared(`images/archives/${row.file}`))
    .map((row) => ({
      file: row.file as string,
      verdict: row.verdict as string,
      image: Number(row.image),
      figures: Object.fromEntries(COLUMNS.map((column) => [column, Number(row[column])])),
    }));
}

async function load(path: string, image: number): Promise<{ tree: StackedTree; records: LayerRecord[] }> {
  const scratch = new Scratch();
  try {
    const opened = await openImage(path, { image: String(image + 1), scratch });
    const records = await scanLayers(opened);
    return { tree: await decide(opened, records, stack(records)), records };
  } finally {
    scratch.dispose();
  }
}

const images = expectedImages();

/** What the table counts as changes and we do not: eStargz and zstd:chunked change nothing, as the plain encodings show. */
const BOOKKEEPING = ['stargz.index.json', '.no.prefetch.landmark', '.prefetch.landmark'];
const ENCODED_FOR_LAZY_LOADING = ['built/ctr-estargz.tar', 'built/ctr-zstdchunked.tar'];

function changeFigures(file: string, figures: Expected['figures']): Expected['figures'] {
  if (!ENCODED_FOR_LAZY_LOADING.includes(file)) return figures;
  return images.find((other) => other.file === 'built/ctr-export.tar')?.figures ?? {};
}

describe.skipIf(images.length === 0)('real archives and their expected figures', () => {
  it.each(images)('$file, image $image', { timeout: 60_000 }, async ({ file, image, figures }) => {
    const { tree } = await load(shared(`images/archives/${file}`) as string, image);
    const { facts } = tree.content(0);
    const sum = (what: 'added' | 'modified' | 'removed') =>
      tree.layers.reduce((total, layer) => total + layer[what], 0);
    const rewritten = tree.layers
      .flatMap((layer) => [...layer.changes()])
      .filter(({ reasons }) => reasons.includes('rewritten')).length;
    const files = [...tree.files()].filter(({ kind }) => kind === 'file');
    expect({
      layers: tree.layers.length,
      stored: tree.storedBytes,
      live: tree.liveBytes,
      dead: tree.deadBytes,
      files: files.length,
      apparent: files.reduce((total, { entry }) => total + entry.size, 0),
      added: sum('added'),
      modified: sum('modified') - rewritten,
      removed: sum('removed'),
    }).toEqual({
      layers: figures.layers,
      stored: figures.stored,
      live: figures.live,
      dead: figures.dead,
      files: figures.files,
      apparent: figures.apparent,
      added: changeFigures(file, figures).added,
      modified: changeFigures(file, figures).modified,
      removed: figures.removed,
    });
    // The table also counts directories, symlinks and hard links that are listed again: no body, so no change for us.
    expect(rewritten).toBeLessThanOrEqual(figures.rewritten_same as number);
    expect([facts.files, facts.apparentBytes]).toEqual([figures.files, figures.apparent]);
  });
});

describe.skipIf(images.length === 0 || !hasOracle())('real archives against the oracle', () => {
  it.each(images)('$file, image $image', { timeout: 120_000 }, async ({ file, image }) => {
    await compare(shared(`images/archives/${file}`) as string, image);
  });
});

/** Larger images, built by `make-images.sh`: `DLINT_IMAGES=/path/a.tar:/path/b.tar`. */
const built = (process.env.DLINT_IMAGES ?? '').split(':').filter((path) => path !== '');

describe.skipIf(built.length === 0 || !hasOracle())('built images against the oracle', () => {
  it.each(built)('%s', { timeout: 600_000 }, async (path) => {
    await compare(path, 0);
  });
});

/** Every layer's figures and its whole list of changes. */
async function compare(path: string, image: number): Promise<void> {
  const oracle = askOracle(path, image);
  if (!oracle) throw new Error(`the oracle does not read ${path}`);
  const { tree, records } = await load(path, image);
  expect([tree.storedBytes, tree.liveBytes, tree.deadBytes]).toEqual([oracle.total_stored, oracle.live, oracle.dead]);
  expect(tree.layers.reduce((sum, layer) => sum + layer.deadBytesCaused, 0)).toBe(oracle.dead);
  expect(tree.layers.length).toBe(oracle.layers.length);
  for (const [i, theirs] of oracle.layers.entries()) {
    const ours = tree.layers[i];
    expect([ours?.storedBytes, ours?.deadBytes, ours?.entries]).toEqual([theirs.stored, theirs.dead, theirs.entries]);
    const changes = [...(ours?.changes() ?? [])].map(inOracleWords);
    const bodies = storedPaths(records[i] as LayerRecord);
    // A file that is listed again stores its body again; a directory, a symlink or a link to a lower body stores nothing.
    const expected = theirs.list
      .filter(([at]) => !BOOKKEEPING.includes(at))
      .filter(([at, type, change]) => change !== 'rewritten, same' || (type === 'f' && bodies.has(at)))
      .map((line) => oracleLine(...line));
    expect(changes.sort()).toEqual(expected.sort());
  }
}

/** Paths whose bodies a layer stores, also where hard links to them are listed. */
function storedPaths({ entries }: LayerRecord): Set<string> {
  const stored = new Set<string>();
  for (const { path, kind, link } of entries) if (kind === 'file' || stored.has(link)) stored.add(path);
  return stored;
}
