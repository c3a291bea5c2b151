/**
 * What eStargz and zstd:chunked (by stargz-snapshotter) put at the top of a layer for their own use: the table of
 * contents and the landmarks of one byte (stargz-snapshotter, "docs/estargz.md").
 */
const CONTENTS = Buffer.from('stargz.index.json');
const LANDMARKS = [Buffer.from('.prefetch.landmark'), Buffer.from('.no.prefetch.landmark')];

/** Whether a file is of the bookkeeping of lazily loaded layers, and of no change that somebody made. */
export function isBookkeeping(path: Uint8Array, size: number): boolean {
  if (path.length === CONTENTS.length) return CONTENTS.equals(path);
  return size === 1 && LANDMARKS.some((name) => name.length === path.length && name.equals(path));
}
