import type { ImageReport, LayerReport, PathChange } from './image-report.ts';

/** Changes in one piece of text: few writes, and no piece of more than some ten kilobytes. */
const CHANGES_IN_PIECE = 200;

/** `dlint-inspect/1` (docs/json.md, docs/schemas/inspect.json): one change a line, pieces as they come. */
export function* renderInspectJson(report: ImageReport): Generator<string> {
  const { tool, image } = report;
  yield `{"schema":"dlint-inspect/1",\n"tool":${text(tool)},\n"image":${text(imageFields(image))},\n`;
  const { storedBytes, liveBytes, deadBytes } = report;
  yield `"storedBytes":${storedBytes},"liveBytes":${liveBytes},"deadBytes":${deadBytes},\n"layers":[`;
  let separator = '\n';
  for (const layer of report.layers) {
    yield separator;
    yield* renderLayer(layer);
    separator = ',\n';
  }
  yield ']}\n';
}

function imageFields(image: ImageReport['image']) {
  const { reference, imageId, manifestDigest, platform, created, config, history } = image;
  return { reference, imageId, manifestDigest, platform, created, config, history };
}

function* renderLayer(layer: LayerReport): Generator<string> {
  const { index, digest, diffId, mediaType, storedBytes, compressedBytes, createdBy, entries } = layer;
  const { deadBytes, deadBytesCaused } = layer;
  const fields = {
    index,
    digest,
    diffId,
    mediaType,
    storedBytes,
    compressedBytes,
    createdBy,
    entries,
    deadBytes,
    deadBytesCaused,
  };
  yield `${text(fields).slice(0, -1)},"changes":[`;
  let piece = '';
  let count = 0;
  for (const change of layer.changes()) {
    piece += `${count === 0 ? '' : ','}\n${text(changeFields(change))}`;
    if (++count % CHANGES_IN_PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  yield `${piece}]}`;
}

function changeFields(change: PathChange) {
  const { path, pathBase64, change: what, kind, size, mode, uid, gid, mtime, link, fromLayer, reasons } = change;
  return { path, pathBase64, change: what, kind, size, mode, uid, gid, mtime, link, fromLayer, reasons };
}

/** JSON that any reader takes: a lone surrogate is no character (RFC 8259, 8.2), so it becomes U+FFFD. */
function text(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify writes lone surrogates, and only those of all characters above U+001F, as \udXXX.
  return json.includes('\\ud')
    ? JSON.stringify(value, (_, item: unknown) => (typeof item === 'string' ? wellFormed(item) : item))
    : json;
}

function wellFormed(item: string): string {
  return item.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
