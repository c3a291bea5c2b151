import { DlintError } from '../../errors.ts';
import type { Platform } from '../image.ts';
import { type Limits, raise } from '../limits.ts';
import { count, digest, type Fields, fields, list, readJson, text } from './json.ts';
import type { FoundImage, LoadedImage, LoadedLayer, Store } from './store.ts';

interface MutableFound extends FoundImage {
  readonly tags: string[];
}

/** The images that `index.json` leads to (OCI image-spec, "Image Layout"): one for each manifest, attestations left out. */
export function findOciImages(store: Store, limits: Limits): { images: FoundImage[]; warnings: string[] } {
  const where = `${store.reference}: index.json`;
  const top = list(fields(readJson(store, 'index.json', limits).value).get('manifests'));
  if (top.length === 0) throw new DlintError('E_CORRUPT', 'index.json names no manifest', { where });
  const found = findManifestImages(store, top.map(fields), limits);
  if (found.images.length > 0) return found;
  throw new DlintError('E_CORRUPT', 'index.json leads to no image manifest', { where });
}

/** The images that descriptors lead to, through indexes; throws what is wrong with the first where there is none. */
export function findManifestImages(
  store: Store,
  descriptors: readonly Fields[],
  limits: Limits,
): { images: FoundImage[]; warnings: string[] } {
  const walk = new IndexWalk(store, limits);
  for (const descriptor of descriptors) walk.descend(descriptor, undefined, 0);
  const images = [...walk.images.values()];
  if (images.length === 0 && walk.faults[0]) throw walk.faults[0];
  return { images, warnings: absent(walk.missing) };
}

function absent(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const shown = missing.slice(0, 12).join(', ');
  return [`${missing.length} of the images listed are not in here: ${shown}${missing.length > 12 ? ', …' : ''}`];
}

class IndexWalk {
  readonly images = new Map<string, MutableFound>();
  readonly faults: DlintError[] = [];
  /** Platforms or digests of manifests that are named, but not there. */
  readonly missing: string[] = [];
  readonly #store: Store;
  readonly #limits: Limits;
  #visited = 0;

  constructor(store: Store, limits: Limits) {
    this.#store = store;
    this.#limits = limits;
  }

  descend(descriptor: Fields, tag: string | undefined, depth: number): void {
    const platform = decodePlatform(descriptor.get('platform'));
    const annotations = fields(descriptor.get('annotations'));
    if (isAttestation(descriptor)) return;
    const name =
      text(annotations.get('io.containerd.image.name')) ?? text(annotations.get('org.opencontainers.image.ref.name'));
    this.#bound(depth);
    try {
      this.#open(descriptor, name ?? tag, platform, depth);
    } catch (error) {
      if (!(error instanceof DlintError) || error.code === 'E_LIMIT') throw error;
      this.faults.push(error);
      if (error.code === 'E_BLOB_MISSING')
        this.missing.push(platformName(platform) ?? String(descriptor.get('digest')));
    }
  }

  #bound(depth: number): void {
    const { indexDepth, manifests } = this.#limits;
    const where = this.#store.reference;
    if (depth > indexDepth) {
      const hint = raise('indexDepth', this.#limits);
      throw new DlintError('E_LIMIT', `indexes nested more than ${indexDepth} deep`, { where, hint });
    }
    if (++this.#visited <= manifests) return;
    const hint = raise('manifests', this.#limits);
    throw new DlintError('E_LIMIT', `more than ${manifests} manifests`, { where, hint });
  }

  #open(descriptor: Fields, tag: string | undefined, platform: Platform | null, depth: number): void {
    const named = digest(descriptor.get('digest'));
    const where = this.#store.reference;
    if (!named) throw new DlintError('E_CORRUPT', `${String(descriptor.get('digest'))} is no digest`, { where });
    const known = this.images.get(named);
    if (known) {
      if (tag !== undefined && !known.tags.includes(tag)) known.tags.push(tag);
      return;
    }
    const manifest = readJson(this.#store, blobName(named), this.#limits);
    const body = fields(manifest.value);
    if (Array.isArray(body.get('manifests'))) {
      for (const inner of list(body.get('manifests'))) this.descend(fields(inner), tag, depth + 1);
    } else if (body.has('config')) {
      const warnings = mismatch('manifest', named, manifest.digest);
      // Read again when it is wanted: an index may name thousands.
      const load = (): LoadedImage => {
        const { value } = readJson(this.#store, blobName(named), this.#limits);
        return loadManifest(this.#store, fields(value), warnings, this.#limits);
      };
      const configDigest = digest(fields(body.get('config')).get('digest'));
      this.images.set(named, {
        tags: tag === undefined ? [] : [tag],
        manifestDigest: named,
        platform,
        ...(configDigest && { configDigest }),
        load,
      });
    } else if (body.has('fslayers')) {
      throw new DlintError('E_UNSUPPORTED', `${named} is a manifest of Docker's schema 1`, { where });
    } else throw new DlintError('E_CORRUPT', `${named} is neither a manifest nor an index`, { where });
  }
}

function loadManifest(store: Store, manifest: Fields, warnings: readonly string[], limits: Limits): LoadedImage {
  const named = digest(fields(manifest.get('config')).get('digest'));
  if (!named)
    throw new DlintError('E_CORRUPT', 'the manifest states no valid digest of a config', { where: store.reference });
  const config = readJson(store, blobName(named), limits);
  const layers = list(manifest.get('layers')).map((layer, index) => locateLayer(store, fields(layer), index));
  return {
    format: store.isArchive ? 'oci-archive' : 'oci-layout',
    config,
    layers: layers.map(({ layer }) => layer),
    warnings: [...warnings, ...mismatch('config', named, config.digest), ...layers.flatMap(({ warnings }) => warnings)],
  };
}

function locateLayer(store: Store, descriptor: Fields, index: number): { layer: LoadedLayer; warnings: string[] } {
  const named = digest(descriptor.get('digest'));
  const where = store.reference;
  if (!named) throw new DlintError('E_CORRUPT', `layer ${index + 1} states no valid digest`, { where });
  const mediaType = text(descriptor.get('mediatype')) ?? null;
  const at = store.locate(blobName(named));
  if (!at) {
    const isForeign = descriptor.has('urls') || /foreign|nondistributable/.test(mediaType ?? '');
    throw new DlintError(
      'E_BLOB_MISSING',
      `layer ${index + 1}, ${named}, is ${isForeign ? 'foreign and ' : ''}not in here`,
      {
        where,
        hint: isForeign
          ? 'its bytes are only at the URLs its manifest names'
          : 'the copy is incomplete; save the image again',
      },
    );
  }
  const size = count(descriptor.get('size'));
  const warnings =
    size !== undefined && size !== at.length
      ? [`layer ${index + 1} has ${at.length} bytes, not ${size} as stated`]
      : [];
  return { layer: { at, digest: named, mediaType }, warnings };
}

function mismatch(what: string, stated: string, actual: string): string[] {
  const isKnown = stated.startsWith('sha256:');
  return isKnown && stated !== actual ? [`the ${what} is ${actual}, not ${stated} as stated`] : [];
}

function blobName(named: string): string {
  return `blobs/${named.replace(':', '/')}`;
}

/** Whether a descriptor is of what BuildKit says about an image, and not of one ("Image Attestation Storage"). */
export function isAttestation(descriptor: Fields): boolean {
  const annotations = fields(descriptor.get('annotations'));
  return annotations.has('vnd.docker.reference.type') || decodePlatform(descriptor.get('platform'))?.os === 'unknown';
}

/** OCI image-spec `platform`; also the head of a config. */
export function decodePlatform(value: unknown): Platform | null {
  const platform = fields(value);
  const os = text(platform.get('os'));
  const architecture = text(platform.get('architecture'));
  if (!os || !architecture) return null;
  const variant = text(platform.get('variant'));
  const osVersion = text(platform.get('os.version'));
  return { os, architecture, ...(variant && { variant }), ...(osVersion && { osVersion }) };
}

/** `os/architecture[/variant]`; undefined where the image states none. */
export function platformName(platform: Platform | null): string | undefined {
  return platform ? [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/') : undefined;
}
