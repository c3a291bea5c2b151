/**
 * What eStargz and zstd:chunked (by stargz-snapshotter) put at the top of a layer for their own use: the table of
 * contents and the landmarks of one byte (stargz-snapshotter, "docs/estargz.md").
 */
const CONTENTS = Buffer.from('stargz.index.json');
const LANDMARKS = [Buffer.from('.prefetch.landmark'), Buffer.from('.no.prefetch.landmark')];

/** Whether the file `bytes[start, end)` is of the bookkeeping of lazily loaded layers, and of no change that somebody made. */
export function isBookkeeping(bytes: Uint8Array, start: number, end: number, size: number): boolean {
  if (end - start === CONTENTS.length) return CONTENTS.equals(bytes.subarray(start, end));
  return size === 1 && LANDMARKS.some((name) => name.length === end - start && name.equals(bytes.subarray(start, end)));
}
