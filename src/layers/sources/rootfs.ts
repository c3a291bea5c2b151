import type { FoundImage, Store } from './store.ts';

/** Directories of a root filesystem (FHS 3.0); the last is where Windows layers have theirs. */
const STRONG: readonly string[] = ['etc', 'usr', 'Files'];
const COMMON: readonly string[] = [
  ...['bin', 'boot', 'dev', 'home', 'lib', 'lib64', 'media', 'mnt', 'opt', 'proc', 'root', 'run', 'sbin', 'srv'],
  ...['sys', 'tmp', 'var'],
];

const ROOTFS_WARNING =
  'a bare root filesystem or layer, as docker export writes it: no configuration, no history, no name; docker save has them';

/**
 * An archive without image metadata as an image of one layer, when it looks like a root filesystem (`docker export`) or
 * a layer; undefined for any other archive.
 */
export function findRootfs({ isArchive, rootfs }: Store): FoundImage | undefined {
  if (!isArchive || !rootfs) return undefined;
  const { at, top, whiteouts } = rootfs;
  const isTree = STRONG.some((name) => top.has(name)) || COMMON.filter((name) => top.has(name)).length >= 2;
  if (!isTree && whiteouts === 0) return undefined;
  return {
    tags: [],
    manifestDigest: null,
    platform: null,
    load: () => ({
      format: 'rootfs',
      config: { value: undefined, digest: null },
      layers: [{ at, digest: null, mediaType: null }],
      warnings: [ROOTFS_WARNING],
    }),
  };
}
