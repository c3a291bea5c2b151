import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { corpus } from './corpus.ts';
import { editorTimes } from './editor.ts';
import { besideHadolint } from './hadolint.ts';
import { dockerArchive, extractLayers, findImages, ociGzip, ociZstd, sbom } from './images.ts';
import { largeFiles } from './large-files.ts';
import { manyEntries } from './many-entries.ts';
import { type Group, measure } from './measure.ts';
import { root } from './programs.ts';
import { describe, markdown, overview, type Result } from './report.ts';
import { sbomScores } from './sbom-score.ts';
import { sharedLayers } from './shared-layers.ts';
import { startup } from './startup.ts';

/*
 * npm run bench [-- --only startup,lint,images,many,editor,sbom-score,hadolint] [--rounds N] [--readme]
 * Prints a Markdown table for each group and writes bench/out/bench.json and bench/out/bench.md; with --readme also the
 * overview in README.md.
 */

const { values } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string' }, readme: { type: 'boolean' } },
});
const wanted = new Set(values.only?.split(',') ?? ['startup', 'lint', 'images', 'many']);
const rounds = (usual: number) => (values.rounds === undefined ? usual : Number(values.rounds));

const scratch = mkdtempSync(join(tmpdir(), 'dlint-bench-'));
const results: Result[] = [];
const notMeasured: string[] = [];
try {
  if (wanted.has('startup')) run(startup(scratch, rounds(15)));
  if (wanted.has('lint')) {
    runOrSay(corpus(rounds(5)), '../shared/corpus is not there');
    run(largeFiles(scratch, rounds(3)));
  }
  if (wanted.has('images')) runImages();
  if (wanted.has('many')) run(manyEntries(scratch, rounds(2)));
  if (wanted.has('editor')) process.stdout.write(await editorTimes(scratch));
  if (wanted.has('sbom-score')) process.stdout.write(scores());
  if (wanted.has('hadolint')) process.stdout.write(besideHadolint(scratch) ?? 'hadolint or the corpus is not there\n');
} finally {
  rmSync(scratch, { recursive: true });
}
const report = describe(results, notMeasured);
const text = [...markdown(report)].join('');
mkdirSync(join(root, 'bench/out'), { recursive: true });
writeFileSync(join(root, 'bench/out/bench.json'), `${JSON.stringify(report, undefined, 2)}\n`);
writeFileSync(join(root, 'bench/out/bench.md'), text);
process.stdout.write(text);
if (values.readme) writeOverview([...overview(report)].join(''));
process.exitCode = results.some(({ timings }) => timings.some(({ failed }) => failed !== null)) ? 1 : 0;

function writeOverview(table: string): void {
  const readme = join(root, 'README.md');
  const marked = /(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/;
  writeFileSync(
    readme,
    readFileSync(readme, 'utf8').replace(marked, (_, start: string, end: string) => `${start}${table}${end}`),
  );
}

function run(group: Group): void {
  const { title, note = null, work = null, notCompared } = group;
  results.push({ title, note, work, notCompared, timings: measure(group) });
}

function runOrSay(group: Group | undefined, reason: string): void {
  if (group) run(group);
  else notMeasured.push(reason);
}

function scores(): string {
  const images = findImages();
  return 'missing' in images ? `Not scored: ${images.missing}.\n` : sbomScores(images.folder, scratch);
}

function runImages(): void {
  const images = findImages();
  if ('missing' in images) {
    notMeasured.push(images.missing);
    return;
  }
  const { plain, gzip, zstd } = extractLayers(images.folder, scratch);
  run(dockerArchive(images.folder, plain, rounds(5)));
  run(ociGzip(images.folder, plain, gzip, rounds(3)));
  if (zstd.length > 0) run(ociZstd(images.folder, plain, zstd, rounds(3)));
  run(sharedLayers(plain, scratch, rounds(5)));
  run(sbom(images.folder, plain, rounds(5)));
}
