import { describe, expect, it } from 'vitest';
import { diveScore } from '../../src/layers/dive-score.ts';
import { openImage } from '../../src/layers/open.ts';
import { scanLayers } from '../../src/layers/scan-layers.ts';
import { Scratch } from '../../src/layers/scratch.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { directory, file, opaque, record, whiteout } from '../support/entries.ts';
import { shared } from '../support/shared.ts';

describe('the numbers of dive', () => {
  it('count all copies of a path, the live one too', () => {
    const score = diveScore([record(file('a', '12345')), record(file('a', '123'))]);
    expect(score).toEqual({
      sizeBytes: 8,
      efficiency: 3 / 8,
      wastedBytes: 8,
      wastedUserShare: 8 / 3,
      repeated: [{ count: 2, sizeBytes: 8, path: '/a' }],
    });
  });

  it('give a removed file no bytes, and a removed directory those below it', () => {
    const low = record(directory('d'), directory('d/e'), file('d/e/f', '123456'), file('g', '12'));
    expect(diveScore([low, record(whiteout('g'))])).toMatchObject({ wastedBytes: 2, efficiency: 6 / 8 });
    const without = diveScore([low, record(whiteout('d'))]);
    expect(without).toMatchObject({ wastedBytes: 0, efficiency: 1, repeated: [] });
  });

  it('see no directory in one that no member names', () => {
    const low = record(file('d/f', '123456'), file('g', '12'));
    expect(diveScore([low, record(whiteout('d'))]).efficiency).toBe(1);
    const again = record(directory('d'), whiteout('d/x'), file('g', '12'));
    // The whiteout d/x has no target: g is not counted any more.
    expect(diveScore([low, again])).toMatchObject({ sizeBytes: 10, wastedBytes: 0 });
  });

  it('overlook opaque markers', () => {
    const low = record(directory('d'), file('d/f', '123456'));
    const empty = record(directory('d'), opaque('d'));
    expect(diveScore([low, empty])).toMatchObject({ wastedBytes: 0, efficiency: 1 });
    // What was in d is still there for it: the whiteout of the third layer finds 6 bytes.
    expect(diveScore([low, empty, record(whiteout('d'))]).repeated).toEqual([{ count: 2, sizeBytes: 6, path: '/d' }]);
  });

  it('let a whiteout take what stands before it in the names of its own layer', () => {
    const first = record(directory('d'), file('d/f', '123456'));
    const again = record(whiteout('-d'), whiteout('d'), directory('d'), file('d/g', '12'));
    const last = record(whiteout('d'));
    expect(diveScore([first, again, last]).efficiency).toBe(1);
    expect(diveScore([first, record(whiteout('d'), directory('d'), file('d/g', '12')), last])).toMatchObject({
      wastedBytes: 8,
      repeated: [{ count: 2, sizeBytes: 8, path: '/d' }],
    });
  });

  it('are those of an image without bytes', () => {
    expect(diveScore([record(directory('d'))])).toMatchObject({ efficiency: 1, wastedBytes: 0, wastedUserShare: null });
    expect(diveScore([])).toMatchObject({ sizeBytes: 0, efficiency: 1, wastedUserShare: null });
  });

  it('take time in proportion to nested whiteouts', () => {
    const names = Array.from({ length: 700 }, (_, i) => Array.from({ length: i + 1 }, () => 'd').join('/'));
    const deep = names[names.length - 1] as string;
    const low = record(...names.map((name) => directory(name)), ...files(deep, 20_000));
    const start = cpuTime();
    diveScore([low, record(...names.map((name) => whiteout(name)))]);
    expect(cpuTime() - start).toBeLessThan(3000);
  });
});

function files(folder: string, count: number) {
  return Array.from({ length: count }, (_, i) => file(`${folder}/${i}`, 'x'));
}

/** Efficiency and wasted bytes as dive 0.13.1 prints them for these archives. */
const MEASURED: readonly (readonly [string, number, number])[] = [
  ['built/docker20-classic.tar', 0.5982216284830733, 2000000],
  ['built/docker26-buildkit.tar', 0.5982216284830733, 2000000],
  ['built/docker26-containerd.tar', 0.5982128395811963, 2000035],
  ['built/ctr-estargz.tar', 0.5914838424608908, 2046200],
  ['built/ctr-zstdchunked.tar', 0.598211738732151, 2000044],
  ['go-containerregistry__mutate_test_new_hc.tar', 1, 0],
  ['go-containerregistry__testdata_whiteout_dir.tar', 1, 0],
  ['go-containerregistry__testdata_whiteout_image.tar', 0.5, 4],
  ['osv-scalibr__testdata_overwrite-file.tar', 0.3695652173913043, 46],
  ['jib__core_busybox-jib.tar', 1, 0],
  ['image__fixtures_almostempty.tar', 1, 0],
];

describe.skipIf(!shared('images/archives'))('archives that dive was run on', () => {
  it.each(MEASURED)('%s', async (name, efficiency, wastedBytes) => {
    const scratch = new Scratch();
    try {
      const image = await openImage(shared(`images/archives/${name}`) as string, { scratch });
      const score = diveScore(await scanLayers(image));
      expect([score.efficiency, score.wastedBytes]).toEqual([efficiency, wastedBytes]);
    } finally {
      scratch.dispose();
    }
  });
});
