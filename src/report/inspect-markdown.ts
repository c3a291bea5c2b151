import type { ImageReport, LayerReport, LayerSource, LiveCopy, Waste } from './image-report.ts';
import { printable } from './inspect-name.ts';
import { byteSize, count, counted, percent } from './units.ts';

const MOST_OF_CELL = 100;
/** A comment on GitHub ends at 65,536 characters. */
const MOST_LAYERS = 100;
const MOST_FINDINGS = 20;

/** For the comment of a pull request: GitHub Flavored Markdown. What others wrote stands in code spans. */
export function* renderInspectMarkdown(report: ImageReport): Generator<string> {
  const { storedBytes, liveBytes, deadBytes, layerCount } = report;
  yield `### ${code(report.image.reference)}\n\n`;
  yield `**${byteSize(storedBytes)}** in ${counted(layerCount, 'layer')}: ${byteSize(liveBytes)} live, `;
  yield `**${byteSize(deadBytes)} dead** (${percent(deadBytes, storedBytes)}).\n`;
  yield* renderBase(report);
  yield* renderLayers(report.layers);
  yield* renderWaste(report.waste);
  yield* renderCopies(report.copies);
  yield* renderFindings(report.layers);
}

function* renderBase({ base: found }: ImageReport): Generator<string> {
  if (!found) return;
  const { base, own, hiddenBytes } = found;
  yield `The base brought ${byteSize(base.storedBytes)} in ${counted(base.layers, 'layer')}; `;
  yield `${counted(own.layers, 'layer')} above it store ${byteSize(own.storedBytes)}, ${byteSize(own.deadBytes)} of it dead`;
  yield `${hiddenBytes === 0 ? '' : `, and make ${byteSize(hiddenBytes)} of the base dead`}.\n`;
}

function* renderLayers(layers: readonly LayerReport[]): Generator<string> {
  const hasLines = layers.some(({ source }) => source !== undefined);
  yield `\n| layer |${hasLines ? ' line |' : ''} stored | dead | instruction |\n`;
  yield `| ---: |${hasLines ? ' --- |' : ''} ---: | ---: | --- |\n`;
  for (const { index, source, storedBytes, deadBytes, instruction } of layers.slice(0, MOST_LAYERS)) {
    const line = hasLines ? ` ${source ? lineOf(source) : ''} |` : '';
    yield `| ${index} |${line} ${byteSize(storedBytes)} | ${deadBytes === 0 ? '' : byteSize(deadBytes)} | ${code(instruction)} |\n`;
  }
  if (layers.length > MOST_LAYERS) yield `\n… ${counted(layers.length - MOST_LAYERS, 'more layer')}\n`;
}

function lineOf({ line, confidence }: LayerSource): string {
  if (line === null) return confidence === 'base' ? 'base' : '?';
  return confidence === 'exact' ? String(line) : `${line}?`;
}

function* renderWaste(waste: readonly Waste[]): Generator<string> {
  if (waste.length === 0) return;
  yield '\n**Waste**\n\n';
  for (const { bytes, files, directory, examples, explanation, advice } of waste) {
    const what = files === 1 ? code(examples[0]?.path ?? '') : `${count(files)} files in ${code(`/${directory}`)}`;
    yield `- **${byteSize(bytes)}** ${what}: ${code(explanation, 300)}<br>${text(advice)}\n`;
  }
}

function* renderCopies(copies: readonly LiveCopy[]): Generator<string> {
  if (copies.length === 0) return;
  yield '\n**Copies**\n\n';
  for (const { bytes, copies: times, size, paths } of copies) {
    yield `- **${byteSize(bytes)}** ${times} times ${byteSize(size)}: ${paths.map(({ path }) => code(path)).join(', ')}\n`;
  }
}

function* renderFindings(layers: readonly LayerReport[]): Generator<string> {
  const findings = layers.flatMap(({ source }) => source?.findings ?? []);
  if (findings.length === 0) return;
  yield '\n**Dockerfile**\n\n';
  for (const { line, rule, message, help, fix } of findings.slice(0, MOST_FINDINGS)) {
    const advice = fix === null ? help : `${fix} (dlint lint --fix)`;
    yield `- line ${line}, ${code(rule)}: ${code(message, 300)}${advice === null ? '' : `<br>${code(advice, 300)}`}\n`;
  }
  if (findings.length > MOST_FINDINGS) yield `- … ${count(findings.length - MOST_FINDINGS)} more\n`;
}

/** A code span on one line that nothing inside it can end (CommonMark 0.31, 6.1), also in a table (GFM, 4.10). */
function code(value: string, most = MOST_OF_CELL): string {
  const shown = printable(value);
  const whole = shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
  const runs = whole.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const pad = whole.startsWith('`') || whole.endsWith('`') || whole.trim() === '' ? ' ' : '';
  return `${fence}${pad}${whole.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** Words of our own. */
function text(value: string): string {
  return value.replace(/[<>&*_[\]|`\\@#]/g, (character) => `&#${character.charCodeAt(0)};`);
}
