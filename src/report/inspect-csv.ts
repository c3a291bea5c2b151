import type { ImageReport, PathChange } from './image-report.ts';

const COLUMNS =
  'layer,change,path,kind,size,mode,uid,gid,mtime,link,from_layer,reasons,moved_from,instruction,dockerfile_line';
const ROWS_IN_PIECE = 200;

/**
 * One row for each path that a layer changed (RFC 4180, UTF-8, CRLF). Text that a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
export function* renderInspectCsv(report: ImageReport): Generator<string> {
  yield `${COLUMNS}\r\n`;
  for (const { index, instruction, source, changes } of report.layers) {
    const last = [text(instruction), source?.line ?? ''].join(',');
    let piece = '';
    let count = 0;
    for (const change of changes()) {
      piece += `${index},${row(change)},${last}\r\n`;
      if (++count % ROWS_IN_PIECE === 0) {
        yield piece;
        piece = '';
      }
    }
    if (piece !== '') yield piece;
  }
}

function row(change: PathChange): string {
  const { path, kind, size, mode, uid, gid, mtime, link, fromLayer, reasons, movedFrom } = change;
  const cells = [
    change.change,
    text(path),
    kind,
    size,
    mode.toString(8).padStart(4, '0'),
    uid,
    gid,
    mtime,
    text(link ?? ''),
    fromLayer ?? '',
    reasons.join(' '),
    text(movedFrom ?? ''),
  ];
  return cells.join(',');
}

/** A cell of text that others wrote. */
function text(value: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  const whole = safe.replace(/[\ud800-\udfff]/gu, '\ufffd').replace(/\0/g, '\ufffd');
  return /[",\r\n]/.test(whole) ? `"${whole.replaceAll('"', '""')}"` : whole;
}
