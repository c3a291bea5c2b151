import { DlintError } from '../../errors.ts';
import type { Limits } from '../limits.ts';
import { fields, readJson } from './json.ts';
import { findManifestImages } from './oci-layout.ts';
import type { FoundImage, Store } from './store.ts';

const MANIFEST = 'manifest.json';

/** Whether `manifest.json` is a manifest itself: containers-image's `dir:` transport keeps one so. */
export function isSkopeoDir(store: Store, limits: Limits): boolean {
  return fields(readJson(store, MANIFEST, limits).value).has('schemaversion');
}

/**
 * The images of a `dir:` of skopeo (containers-image, "directory transport"): `manifest.json` is the manifest or the
 * index, blobs lie beside it under their digests without the algorithm, manifests of an index with `.manifest.json`.
 */
export function findDirImages(store: Store, limits: Limits): { images: FoundImage[]; warnings: string[] } {
  const { digest } = readJson(store, MANIFEST, limits);
  const locate = (name: string): ReturnType<Store['locate']> => {
    const hex = /^blobs\/sha(?:256|512)\/([0-9a-f]+)$/.exec(name)?.[1];
    if (hex === undefined) return store.locate(name);
    if (`sha256:${hex}` === digest) return store.locate(MANIFEST);
    return store.locate(hex) ?? store.locate(`${hex}.manifest.json`);
  };
  const dir: Store = { ...store, locate };
  const { images, warnings } = findManifestImages(dir, [fields({ digest })], limits);
  if (images.length > 0) return { images, warnings };
  throw new DlintError('E_CORRUPT', 'manifest.json leads to no image manifest', {
    where: `${store.reference}: ${MANIFEST}`,
  });
}
