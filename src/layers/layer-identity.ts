import type { Layer } from './image.ts';
import { type FileIdentity, identify } from './record-cache.ts';

/**
 * What tells each layer's bytes from all others: its digest in a registry; in a file the file's state and the place in
 * it. Undefined where it cannot be told.
 */
export function identitiesOf(layers: readonly Layer[]): unknown[] {
  const files = new Map<string, FileIdentity | undefined>();
  return layers.map(({ at }) => {
    if ('url' in at) return at.digest;
    if (!files.has(at.file)) files.set(at.file, identify(at.file));
    const identity = files.get(at.file);
    return identity && { ...identity, offset: at.offset, length: at.length };
  });
}
