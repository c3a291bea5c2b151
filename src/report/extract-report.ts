import type { Render } from './finding.ts';
import { printable } from './inspect-name.ts';
import { jsonText } from './json-text.ts';
import { painter } from './style.ts';
import { byteSize, count, counted } from './units.ts';

/** What `dlint extract` made, and what it left out. */
export interface ExtractReport {
  readonly reference: string;
  readonly target: string;
  readonly files: number;
  /** Further names of those files. */
  readonly hardLinks: number;
  readonly directories: number;
  readonly symlinks: number;
  /** Devices and fifos. */
  readonly specials: number;
  readonly bytes: number;
  readonly skippedSpecials: number;
  readonly droppedSetuid: number;
  readonly droppedXattrs: number;
  /** Paths that could not be made here, bounded in number. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  readonly problemCount: number;
}

/** For people: what was made, and what is not as it is in the image. */
export function* renderExtractText(report: ExtractReport, style: { readonly color: boolean }): Generator<string> {
  const paint = painter(style.color);
  const { files, hardLinks, directories, symlinks, specials } = report;
  const parts = [
    counted(files, 'file'),
    ...(hardLinks > 0 ? [counted(hardLinks, 'hard link')] : []),
    counted(directories, 'directory', 'directories'),
    counted(symlinks, 'symlink'),
    ...(specials > 0 ? [counted(specials, 'device or fifo', 'devices and fifos')] : []),
  ];
  yield `${paint(printable(report.target), 'bold')}: ${parts.join(', ')}; ${byteSize(report.bytes)}\n`;
  yield `  ${paint('owners are not set: all is yours', 'dim')}\n`;
  for (const note of notes(report)) yield `  ${paint(note, 'dim')}\n`;
  for (const { path, message } of report.problems) {
    yield `${paint('missing', 'yellow', 'bold')}  /${printable(path)}: ${printable(message)}\n`;
  }
  const untold = report.problemCount - report.problems.length;
  if (untold > 0) yield `${paint('missing', 'yellow', 'bold')}  ${count(untold)} more\n`;
}

function notes({ skippedSpecials, droppedSetuid, droppedXattrs }: ExtractReport): string[] {
  return [
    ...(skippedSpecials > 0
      ? [`${counted(skippedSpecials, 'device or fifo', 'devices and fifos')} left out (--devices)`]
      : []),
    ...(droppedSetuid > 0 ? [`${counted(droppedSetuid, 'file')} without setuid and setgid bits (--setuid)`] : []),
    ...(droppedXattrs > 0 ? [`${counted(droppedXattrs, 'file')} without extended attributes`] : []),
  ];
}

/** `dlint-extract/1` */
export const renderExtractJson: Render<ExtractReport> = function* (report) {
  yield `${jsonText({ schema: 'dlint-extract/1', ...report })}\n`;
};
