import type { ImageReport, LayerSums, Settings, Startup } from './image-report.ts';
import { printable, quoted } from './inspect-name.ts';
import { type Painter, painter, type Style, visible, wrap } from './style.ts';
import { byteSize, count, counted, percent } from './units.ts';

const LABEL_WIDTH = 11;

/** What the image is: a snapshot of a file system, and how a container starts in it. */
export function* renderImageHead(report: ImageReport, style: Style): Generator<string> {
  const paint = painter(style.color);
  const { image } = report;
  const tags = image.tags.filter((tag) => !image.reference.includes(tag));
  const name = [image.reference, ...tags].map(printable).join('  ');
  yield `${paint(name, 'bold')}\n`;
  for (const [label, values] of headRows(report)) yield* row(label, values, paint, Math.max(60, style.width));
}

/** The facts under their labels, each on a line of its own, in words; some have none. What the image says is escaped. */
export function headRows(report: ImageReport): [label: string, lines: string[]][] {
  const { image } = report;
  return [
    [
      'image',
      [
        [
          image.platform === null ? 'no platform stated' : printable(image.platform),
          image.created ? `created ${printable(image.created)}` : 'no date',
          image.format,
        ].join(', '),
      ],
    ],
    ['id', image.imageId ? [image.imageId] : []],
    ['manifest', image.manifestDigest ? [image.manifestDigest] : []],
    ['files', [contentOf(report)]],
    ['size', sizesOf(report)],
    ['base', baseOf(report)],
    ['dive', [diveOf(report)]],
    // A bare file system says nothing of how it is run.
    ...(image.format === 'rootfs' ? [] : runRows(report)),
    ['odd', [...image.warnings, ...traceWarnings(report)].map(printable)],
  ];
}

function traceWarnings({ dockerfile }: ImageReport): string[] {
  return (dockerfile?.warnings ?? []).map((warning) => `${dockerfile?.path}: ${warning}`);
}

function* row(label: string, values: readonly string[], paint: Painter, width: number): Generator<string> {
  const lines = values.flatMap((value) =>
    wrap(visible(value), width - LABEL_WIDTH - 4).map((line, i) => (i === 0 ? line : `  ${line}`)),
  );
  for (const [i, line] of lines.entries()) {
    yield `  ${i === 0 ? paint(label, 'dim') + ' '.repeat(LABEL_WIDTH - label.length) : ' '.repeat(LABEL_WIDTH)}${line}\n`;
  }
}

function contentOf({ content, liveBytes }: ImageReport): string {
  const { files, directories, symlinks, apparentBytes } = content;
  const parts = [
    counted(files, 'file'),
    counted(directories, 'directory', 'directories'),
    counted(symlinks, 'symlink'),
  ];
  const linked = apparentBytes === liveBytes ? '' : `; ${byteSize(apparentBytes)} with each hard link counted`;
  return `a file system of ${parts.join(', ')}${linked}`;
}

function sizesOf(report: ImageReport): string[] {
  const { storedBytes, liveBytes, deadBytes, compressedBytes } = report;
  const dead = `${byteSize(deadBytes)} dead (${percent(deadBytes, storedBytes)})`;
  const sizes = `${byteSize(storedBytes)} stored in ${counted(report.layerCount, 'layer')} = ${byteSize(liveBytes)} live + ${dead}`;
  return compressedBytes === null || report.layerCount === 0
    ? [sizes]
    : [sizes, `${byteSize(compressedBytes)} compressed`];
}

function baseOf({ base: found }: ImageReport): string[] {
  if (!found) return [];
  const { reference, warnings, base, own, hiddenBytes } = found;
  const sums = ({ layers, storedBytes, deadBytes }: LayerSums) =>
    `${counted(layers, 'layer')}, ${byteSize(storedBytes)} stored, ${byteSize(deadBytes)} dead`;
  const hidden = hiddenBytes === 0 ? '' : `, and makes ${byteSize(hiddenBytes)} of the base dead`;
  const name = /^\d+$/.test(reference) ? 'the base' : printable(reference);
  return [
    `${name} brought ${sums(base)}`,
    `what is above it: ${sums(own)} (${percent(own.liveBytes, own.storedBytes || 1)} live)${hidden}`,
    ...warnings.map((warning) => `note: ${printable(warning)}`),
  ];
}

/** What users of dive know, beside which stands what is true. */
function diveOf(report: ImageReport): string {
  const { efficiency, wastedBytes, wastedUserShare } = report.dive();
  const user = Number.isFinite(wastedUserShare) ? percent(wastedUserShare ?? 0, 1) : 'more than all';
  const share = wastedUserShare === null ? '' : `, ${user} of what is above layer 1`;
  const ours = `${percent(report.liveBytes, report.storedBytes || 1)} live, ${byteSize(report.deadBytes)} dead`;
  return report.storedBytes === 0
    ? 'would say efficiency 100.0 %, nothing wasted'
    : `would say efficiency ${percent(efficiency, 1)}, ${byteSize(wastedBytes)} wasted${share}; true are ${ours}`;
}

function runRows({ startup, image }: ImageReport): [string, string[]][] {
  return [['runs', startsOf(startup)], ...settingRows(image.config, image.platform?.startsWith('windows') ?? false)];
}

function startsOf(startup: Startup): string[] {
  const { argv, fixed, replaceable, form, script, notes } = startup;
  if (form === 'none') return [`nothing: ${notes[0]}`];
  const how =
    form === 'shell'
      ? `${printable(script ?? '')}  (shell form: ${quoted(argv.slice(0, 1))} runs it)`
      : `${quoted(argv)}  (exec form)`;
  const lines = [how];
  if (replaceable.length === 0) lines.push('docker run IMAGE ARGS… adds ARGS to it (ENTRYPOINT alone)');
  else if (fixed.length === 0) lines.push('docker run IMAGE ARGS… replaces all of it (CMD alone)');
  else lines.push(`docker run IMAGE ARGS… keeps ${quoted(fixed)} (ENTRYPOINT), replaces ${quoted(replaceable)} (CMD)`);
  return [...lines, ...notes.map((note) => `note: ${note}`)];
}

function settingRows(config: Settings, isWindows: boolean): [string, string[]][] {
  const labels = Object.entries(config.labels).map(([name, value]) => `${name}=${value}`);
  return [
    ['user', [config.user ? printable(config.user) : isWindows ? 'not set' : 'root (USER is not set)']],
    ['workdir', [config.workingDir ? printable(config.workingDir) : isWindows ? 'not set' : '/ (WORKDIR is not set)']],
    ['env', config.env.map(printable)],
    ['ports', config.exposedPorts.length > 0 ? [config.exposedPorts.map(printable).join(', ')] : []],
    ['volumes', config.volumes.length > 0 ? [config.volumes.map(printable).join(', ')] : []],
    ['labels', labels.map(printable)],
    ['health', healthOf(config)],
    ['stop', config.stopSignal ? [printable(config.stopSignal)] : []],
    ['onbuild', config.onBuild.map(printable)],
  ];
}

function healthOf({ healthcheck }: Settings): string[] {
  if (!healthcheck || healthcheck.test.length === 0) return [];
  const [how = '', ...words] = healthcheck.test;
  if (how === 'NONE') return ['none (switched off)'];
  const command = how === 'CMD-SHELL' ? printable(words.join(' ')) : quoted(how === 'CMD' ? words : healthcheck.test);
  const { interval, timeout, startPeriod, retries } = healthcheck;
  const timing = [
    ...(interval ? [`every ${seconds(interval)}`] : []),
    ...(timeout ? [`timeout ${seconds(timeout)}`] : []),
    ...(startPeriod ? [`start period ${seconds(startPeriod)}`] : []),
    ...(retries ? [`${count(retries)} retries`] : []),
  ];
  return [timing.length > 0 ? `${command}  (${timing.join(', ')})` : command];
}

function seconds(nanoseconds: number): string {
  return `${Number((nanoseconds / 1e9).toFixed(3))} s`;
}
