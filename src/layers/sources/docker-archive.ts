import { DlintError } from '../../errors.ts';
import { type Limits, raise } from '../limits.ts';
import { digest, fields, list, readJson, text, texts } from './json.ts';
import { findOciImages } from './oci-layout.ts';
import type { FoundImage, LoadedImage, LoadedLayer, Store } from './store.ts';

/** The images of `docker save`: `manifest.json` names each one's config and layer files (moby, "image/spec/v1.2"). */
export function findDockerImages(store: Store, limits: Limits): FoundImage[] {
  const { value } = readJson(store, 'manifest.json', limits);
  const where = `${store.reference}: manifest.json`;
  if (!Array.isArray(value)) {
    throw new DlintError('E_CORRUPT', 'manifest.json is no list of images', { where });
  }
  if (value.length === 0) throw new DlintError('E_CORRUPT', 'manifest.json names no image', { where });
  if (value.length > limits.manifests) {
    const hint = raise('manifests', limits, value.length);
    throw new DlintError('E_LIMIT', `${value.length} images`, { where, hint });
  }
  return value.map((item: unknown, index) => {
    const manifest = fields(item);
    const config = text(manifest.get('config'));
    if (config === undefined) throw new DlintError('E_CORRUPT', `image ${index + 1} names no config`, { where });
    const layers = manifest.get('layers');
    if (layers !== undefined && layers !== null && texts(layers).length !== list(layers).length) {
      throw new DlintError('E_CORRUPT', `the layers of image ${index + 1} are no list of names`, { where });
    }
    return {
      tags: texts(manifest.get('repotags')),
      manifestDigest: null,
      platform: null,
      load: () => load(store, config, texts(layers), limits),
    };
  });
}

function load(store: Store, config: string, names: readonly string[], limits: Limits): LoadedImage {
  const { value, digest: imageId } = readJson(store, config, limits);
  const stated = blobDigest(config) ?? digest(`sha256:${config.replace(/\.json$/, '')}`);
  const manifestDigest = manifestOf(store, imageId, limits);
  const warnings = stated && stated !== imageId ? [`the config is ${imageId}, not ${stated} as its name says`] : [];
  return {
    format: 'docker-archive',
    config: { value, digest: imageId },
    ...(manifestDigest !== undefined && { manifestDigest }),
    layers: names.map((name, index) => locateLayer(store, name, index)),
    warnings,
  };
}

/** From Docker 25 on, there is an `index.json` as well, which knows the manifest of the same config. */
function manifestOf(store: Store, imageId: string, limits: Limits): string | undefined {
  if (!store.locate('index.json')) return undefined;
  try {
    const same = ({ configDigest }: FoundImage): boolean => configDigest === imageId;
    return findOciImages(store, limits).images.find(same)?.manifestDigest ?? undefined;
  } catch (error) {
    if (error instanceof DlintError) return undefined;
    throw error;
  }
}

function locateLayer(store: Store, name: string, index: number): LoadedLayer {
  const at = store.locate(name);
  if (at) return { at, digest: blobDigest(name) ?? null, mediaType: null, name };
  throw new DlintError('E_BLOB_MISSING', `layer ${index + 1}, ${name}, is named but not there`, {
    where: store.reference,
    hint: 'a foreign layer, or an archive that was cut or edited; save the image again',
  });
}

/** From Docker 25 on, archives keep their files as OCI blobs, whose names are their digests. */
function blobDigest(name: string): string | undefined {
  const match = /^(?:\.\/)?blobs\/(sha256|sha512)\/([0-9a-f]+)$/.exec(name);
  return match ? digest(`${match[1]}:${match[2]}`) : undefined;
}
