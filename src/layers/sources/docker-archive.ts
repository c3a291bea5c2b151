import { DlintError } from '../../errors.ts';
import type { Limits } from '../limits.ts';
import { digest, fields, list, readJson, text, texts } from './json.ts';
import type { FoundImage, LoadedImage, LoadedLayer, Store } from './store.ts';

/** The images of `docker save`: `manifest.json` names each one's config and layer files (moby, "image/spec/v1.2"). */
export function findDockerImages(store: Store, limits: Limits): FoundImage[] {
  const { value } = readJson(store, 'manifest.json', limits);
  const where = `${store.reference}: manifest.json`;
  if (!Array.isArray(value)) {
    // containers-image `dir:` keeps the manifest of one image under this name, and the blobs beside it.
    const isDirTransport = fields(value).has('schemaversion');
    throw new DlintError(isDirTransport ? 'E_UNSUPPORTED' : 'E_CORRUPT', 'manifest.json is no list of images', {
      where,
      ...(isDirTransport && { hint: 'it looks like a dir: of skopeo; skopeo copy dir:FOLDER oci-archive:app.tar' }),
    });
  }
  if (value.length === 0) throw new DlintError('E_CORRUPT', 'manifest.json names no image', { where });
  if (value.length > limits.manifests) throw new DlintError('E_LIMIT', `${value.length} images`, { where });
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
  const warnings = stated && stated !== imageId ? [`the config is ${imageId}, not ${stated} as its name says`] : [];
  return {
    format: 'docker-archive',
    config: { value, digest: imageId },
    layers: names.map((name, index) => locateLayer(store, name, index)),
    warnings,
  };
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
