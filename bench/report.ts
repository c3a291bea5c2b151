import { cpus, loadavg, totalmem } from 'node:os';
import type { Group, Timing } from './measure.ts';

export interface Result {
  readonly title: string;
  readonly note: string | null;
  readonly work: Group['work'] | null;
  readonly notCompared: readonly string[];
  readonly timings: readonly Timing[];
}

export interface Report {
  readonly schema: 'dlint-bench/1';
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly load: number;
  readonly results: readonly Result[];
  readonly notMeasured: readonly string[];
}

export function describe(results: readonly Result[], notMeasured: readonly string[]): Report {
  const processors = cpus();
  return {
    schema: 'dlint-bench/1',
    date: new Date().toISOString(),
    node: process.version,
    cpu: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? 0,
    results,
    notMeasured,
  };
}

/** Every figure stands beside its group's limit, as a ratio from the same run. */
export function* markdown(report: Report): Generator<string> {
  yield `Node ${report.node}, ${report.cpu}, ${report.memoryGiB} GiB, load ${report.load.toFixed(1)}, ${report.date.slice(0, 10)}. Medians; × is the ratio to the first line of the table.\n`;
  for (const { title, note, work, notCompared, timings } of report.results) {
    yield `\n### ${title}\n\n`;
    if (note) yield `${note}\n\n`;
    const rates = rateNames(work);
    const head = ['case', 'wall ms', 'min', 'cpu ms', 'peak MiB', '×', 'bar', ...rates, 'runs'];
    yield `| ${head.join(' | ')} |\n|${head.map((_, i) => (i === 0 ? '---|' : '--:|')).join('')}\n`;
    for (const timing of timings) yield `| ${row(timing, timings[0], work).join(' | ')} |\n`;
    if (notCompared.length > 0) yield `\nNot compared (not on PATH): ${notCompared.join(', ')}.\n`;
  }
  for (const reason of report.notMeasured) yield `\nNot measured: ${reason}.\n`;
}

const PEER = /^(hadolint|dive|syft|trivy)\b/;

/** One line for each group: dlint, its limit, its peers. For README.md. */
export function* overview(report: Report): Generator<string> {
  yield `Node ${report.node}, ${report.cpu}, load ${report.load.toFixed(1)}, ${report.date.slice(0, 10)}; medians of one run.\n\n`;
  yield '| | dlint | × the limit | peers |\n|---|---|---|---|\n';
  for (const { title, timings } of report.results) {
    const [limit, ...others] = timings;
    const ours = others.find(({ name, failed }) => name.startsWith('dlint') && failed === null);
    if (!limit || !ours) continue;
    const peers = timings
      .filter(({ name, failed }) => PEER.test(name) && failed === null)
      .map((peer) => `${PEER.exec(peer.name)?.[1]}: ${cost(peer)}, ${(peer.wallMs / ours.wallMs).toFixed(1)} × dlint`);
    const ratio = `${(ours.wallMs / limit.wallMs).toFixed(2)} × \`${limit.name.replaceAll('|', '\\|')}\``;
    yield `| ${title}: \`${ours.name}\` | ${cost(ours)} | ${ratio} | ${peers.join('; ') || '–'} |\n`;
  }
}

function cost({ wallMs, peakMiB }: Timing): string {
  const time = wallMs < 1000 ? `${Math.round(wallMs)} ms` : `${(wallMs / 1000).toFixed(1)} s`;
  return peakMiB === null ? time : `${time}, ${Math.round(peakMiB)} MiB`;
}

function rateNames(work: Group['work'] | null): string[] {
  return [
    ...(work?.files ? ['files/s'] : []),
    ...(work?.entries ? ['entries/s'] : []),
    ...(work?.bytes ? ['MB/s'] : []),
  ];
}

function row(timing: Timing, limit: Timing | undefined, work: Group['work'] | null): string[] {
  const { name, runs, wallMs, minWallMs, cpuMs, peakMiB, bar, failed } = timing;
  if (failed !== null) return [name, `failed: ${failed.replaceAll('|', '\\|')}`];
  const ratio = limit ? wallMs / limit.wallMs : 1;
  const perSecond = (amount: number | undefined) => (amount ? [count((amount * 1000) / wallMs)] : []);
  return [
    name.replaceAll('|', '\\|'),
    milliseconds(wallMs),
    milliseconds(minWallMs),
    cpuMs === null ? '' : milliseconds(cpuMs),
    peakMiB === null ? '' : peakMiB.toFixed(0),
    ratio.toFixed(2),
    bar === null ? '' : `≤ ${bar}${ratio <= bar ? '' : ' **missed**'}`,
    ...perSecond(work?.files),
    ...perSecond(work?.entries),
    ...perSecond(work?.bytes && work.bytes / 1e6),
    String(runs),
  ];
}

function milliseconds(value: number): string {
  return value < 100 ? value.toFixed(1) : count(value);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}
