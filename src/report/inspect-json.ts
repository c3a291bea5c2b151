import type { DiveScore, ImageReport, LayerReport, PathChange } from './image-report.ts';
import { jsonText } from './json-text.ts';

/** Changes in one piece of text: few writes, and no piece of more than some ten kilobytes. */
const CHANGES_IN_PIECE = 200;

/** `dlint-inspect/1` (docs/json.md, docs/schemas/inspect.json): one change a line, pieces as they come. */
export function* renderInspectJson(report: ImageReport): Generator<string> {
  const { tool, image } = report;
  yield `{"schema":"dlint-inspect/1",\n"tool":${jsonText(tool)},\n"image":${jsonText(imageFields(image))},\n`;
  const { storedBytes, liveBytes, deadBytes } = report;
  yield `"storedBytes":${storedBytes},"liveBytes":${liveBytes},"deadBytes":${deadBytes},\n`;
  yield `"dive":${jsonText(diveFields(report.dive()))},\n`;
  if (report.dockerfile) yield `"dockerfile":${jsonText(report.dockerfile)},\n`;
  if (report.base) yield `"base":${jsonText(report.base)},\n`;
  yield `"waste":${jsonText(report.waste)},\n"copies":${jsonText(report.copies)},\n`;
  yield '"layers":[';
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

/** A share that is no number, by a divisor of 0, is null. */
function diveFields({ efficiency, wastedBytes, wastedUserShare }: DiveScore) {
  const share = wastedUserShare === null || !Number.isFinite(wastedUserShare) ? null : wastedUserShare;
  return { efficiencyScore: efficiency, wastedBytes, userWastedPercent: share };
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
    source: layer.source,
    entries,
    deadBytes,
    deadBytesCaused,
  };
  yield `${jsonText(fields).slice(0, -1)},"changes":[`;
  let piece = '';
  let count = 0;
  for (const change of layer.changes()) {
    piece += `${count === 0 ? '' : ','}\n${jsonText(changeFields(change))}`;
    if (++count % CHANGES_IN_PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  yield `${piece}]}`;
}

function changeFields(change: PathChange) {
  const {
    path,
    pathBase64,
    change: what,
    kind,
    size,
    mode,
    uid,
    gid,
    mtime,
    link,
    fromLayer,
    movedFrom,
    reasons,
  } = change;
  return { path, pathBase64, change: what, kind, size, mode, uid, gid, mtime, link, fromLayer, movedFrom, reasons };
}
