import type { DiveFile, DiveLayer, ImageReport } from './image-report.ts';
import { jsonText } from './json-text.ts';

const FILES_IN_PIECE = 200;

/** What `dive --json` writes, with its names (dive 0.13); `docs/dive.md` says what differs. */
export function* renderDiveJson(report: ImageReport): Generator<string> {
  yield '{\n  "layer": [';
  let separator = '\n';
  for (const layer of report.diveLayers()) {
    yield separator;
    yield* renderLayer(layer);
    separator = ',\n';
  }
  const { sizeBytes, efficiency, wastedBytes, repeated } = report.dive();
  const image = {
    sizeBytes,
    inefficientBytes: wastedBytes,
    efficiencyScore: efficiency,
    fileReference: repeated.map(({ count, sizeBytes: bytes, path }) => ({ count, sizeBytes: bytes, file: path })),
  };
  yield `\n  ],\n  "image": ${jsonText(image)}\n}\n`;
}

function* renderLayer({ index, id, diffId, sizeBytes, command, files }: DiveLayer): Generator<string> {
  yield `    ${jsonText({ index, id, digestId: diffId, sizeBytes, command }).slice(0, -1)},"fileList":[`;
  let piece = '';
  let count = 0;
  for (const file of files()) {
    piece += `${count === 0 ? '' : ','}\n      ${jsonText(fileFields(file))}`;
    if (++count % FILES_IN_PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  yield `${piece}]}`;
}

function fileFields({ path, typeFlag, link, size, fileMode, uid, gid, isDirectory }: DiveFile) {
  return { path, typeFlag, linkName: link, size, fileMode, uid, gid, isDir: isDirectory };
}
