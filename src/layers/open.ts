import { closeSync, readSync } from 'node:fs';
import { DlintError } from '../errors.ts';
import type { Digest } from '../report/finding.ts';
import { chooseImage, fitsPlatform, hostPlatform } from './choose-image.ts';
import type { FileLocator, Image, Layer, Platform } from './image.ts';
import type { Compression } from './inflate.ts';
import { LIMITS, type Limits, raise } from './limits.ts';
import { Scratch } from './scratch.ts';
import { SNIFF_BYTES, sniff } from './sniff.ts';
import { openFile } from './sources/archive.ts';
import { findDockerImages } from './sources/docker-archive.ts';
import { findV1Images, layerFolders } from './sources/docker-v1.ts';
import { engineReference } from './sources/engine.ts';
import { decodeConfig, decodeHistory } from './sources/image-config.ts';
import { digest, type Fields, fields, list, rationed, text } from './sources/json.ts';
import { decodePlatform, findOciImages, platformName } from './sources/oci-layout.ts';
import { openStore, SAVE_HINT } from './sources/open-store.ts';
import { findRegistryImages } from './sources/registry/find-images.ts';
import { referenceName, registryReference } from './sources/registry/reference.ts';
import { findRootfs } from './sources/rootfs.ts';
import { findDirImages, isSkopeoDir } from './sources/skopeo-dir.ts';
import type { FoundImage, LoadedImage, LoadedLayer, Store } from './sources/store.ts';

export interface OpenOptions {
  /** Which of several platforms; default linux on this machine's architecture, else the first. */
  readonly platform?: Platform;
  /** Which of several images: its number, from 1, its tag, or the start of its digest. Default the first. */
  readonly image?: string;
  readonly signal?: AbortSignal;
  /** Where archives that came compressed or through a pipe are kept; default until the process ends. */
  readonly scratch?: Scratch;
  readonly limits?: Limits;
  /** Registries elsewhere may be spoken to without TLS. */
  readonly insecure?: boolean;
  /** What the reference leads to, where it was read already: see `scanArchive`. */
  readonly store?: Store;
}

/** One image of a source that may hold several. */
export interface ListedImage {
  /** From 1, as in `--image`. */
  readonly index: number;
  readonly tags: readonly string[];
  readonly manifestDigest: Digest | null;
  /** As an image index states it; null where there is none. */
  readonly platform: Platform | null;
}

/**
 * Opens the image that a path names: `docker save` archives of any age, OCI archives and layout folders, also
 * compressed as a whole, folders of `skopeo copy … dir:`, root filesystems of `docker export`, `-` for standard input, or
 * `docker-daemon:`, `podman:` and `nerdctl:` before an image of an engine here. What is no path is an image of
 * a registry, `docker://` or not. Layers are located, not read.
 * Errors: `E_REGISTRY`, `E_DIGEST`, `E_USAGE`, `E_NOT_FOUND`, `E_READ`, `E_NOT_AN_IMAGE`, `E_NO_SUCH_IMAGE`, `E_TRUNCATED`, `E_CORRUPT`, `E_BLOB_MISSING`,
 * `E_LIMIT`, `E_UNSUPPORTED`.
 */
export async function openImage(reference: string, options: OpenOptions = {}): Promise<Image> {
  return await withScratch(options, async (scratch) => {
    const source = await findImages(reference, options, scratch);
    const chosen = chooseImage(source.name, source.found, options);
    const { platform } = chosen.found;
    // An index that has the very platform leaves no doubt.
    const isClear = source.isRegistry && (options.platform !== undefined || fitsPlatform(platform, hostPlatform()));
    const warnings = [...source.warnings, ...(isClear ? [] : chosen.warnings)];
    const image = buildImage(source, chosen.found, await chosen.found.load(), warnings, options);
    // What an index says of a platform was looked at when the image was chosen.
    if (platform || !options.platform || !image.platform || fitsPlatform(image.platform, options.platform))
      return image;
    const message = `the image is for ${platformName(image.platform)}, not for ${platformName(options.platform)}`;
    throw new DlintError('E_NO_SUCH_IMAGE', message, { where: source.name });
  });
}

/** The images that a source holds. Errors as `openImage`. */
export async function listImages(reference: string, options: OpenOptions = {}): Promise<ListedImage[]> {
  const scratch = options.scratch ?? new Scratch();
  try {
    const { found } = await findImages(reference, options, scratch);
    return found.map(({ tags, manifestDigest, platform }, index) => ({
      index: index + 1,
      tags,
      manifestDigest: manifestDigest as Digest | null,
      platform,
    }));
  } finally {
    if (!options.scratch) scratch.dispose();
  }
}

/** Runs `use` with the options' scratch folder, or with one that stays if all goes well and is gone if not. */
async function withScratch<T>(options: OpenOptions, use: (scratch: Scratch) => Promise<T>): Promise<T> {
  if (options.scratch) return await use(options.scratch);
  const scratch = new Scratch();
  try {
    return await use(scratch);
  } catch (error) {
    scratch.dispose();
    throw error;
  }
}

interface ImageSource {
  /** As errors and reports name it. */
  readonly name: string;
  readonly isRegistry: boolean;
  readonly found: readonly FoundImage[];
  readonly warnings: readonly string[];
  readonly store?: Store;
}

async function findImages(reference: string, options: OpenOptions, scratch: Scratch): Promise<ImageSource> {
  const { limits = LIMITS, signal, insecure } = options;
  const isElsewhere = options.store !== undefined || engineReference(reference) !== undefined;
  const remote = isElsewhere ? undefined : registryReference(reference);
  if (remote) {
    const found = await findRegistryImages(remote, { limits, signal, ...(insecure !== undefined && { insecure }) });
    return { name: referenceName(remote), isRegistry: true, found, warnings: [] };
  }
  const opened = options.store ?? (await openStore(reference, { limits, scratch, ...(signal && { signal }) }));
  const store = rationed(opened, limits);
  return { name: reference, isRegistry: false, store, ...findInStore(store, limits) };
}

function findInStore(store: Store, limits: Limits): { found: FoundImage[]; warnings: string[] } {
  if (store.locate('manifest.json')) {
    if (!isSkopeoDir(store, limits)) return { found: findDockerImages(store, limits), warnings: [] };
    const { images, warnings } = findDirImages(store, limits);
    return { found: images, warnings };
  }
  if (store.locate('index.json')) {
    const { images, warnings } = findOciImages(store, limits);
    return { found: images, warnings };
  }
  const ids = layerFolders(store);
  if (ids.length > 0) return { found: findV1Images(store, ids, limits), warnings: [] };
  const rootfs = findRootfs(store);
  if (rootfs) return { found: [rootfs], warnings: [] };
  throw notAnImage(store);
}

const FOLDER_HINT = 'projects and root filesystems are for dlint sbom, their Dockerfiles for dlint lint';

function notAnImage(store: Store): DlintError {
  return new DlintError('E_NOT_AN_IMAGE', `not an image: ${store.describe()}`, {
    where: `${store.reference}: no manifest.json, index.json or layer folders`,
    hint: store.isArchive ? SAVE_HINT : FOLDER_HINT,
  });
}

function buildImage(
  { name: reference, isRegistry, store }: ImageSource,
  found: FoundImage,
  loaded: LoadedImage,
  warnings: readonly string[],
  { limits = LIMITS }: OpenOptions,
): Image {
  const config = fields(loaded.config.value);
  const { layers } = loaded;
  if (layers.length > limits.layers) {
    const hint = raise('layers', limits, layers.length);
    throw new DlintError('E_LIMIT', `${layers.length} layers`, { where: reference, hint });
  }
  const steps = list(config.get('history')).length;
  if (steps > limits.history) {
    const hint = raise('history', limits, steps);
    throw new DlintError('E_LIMIT', `a history of ${steps} steps`, { where: reference, hint });
  }
  const diffIds = list(fields(config.get('rootfs')).get('diff_ids'));
  const { history, isMatched } = decodeHistory(config.get('history'), layers.length);
  const makers = new Map(history.map(({ layer, createdBy }) => [layer, createdBy]));
  const platform = decodePlatform(loaded.config.value) ?? found.platform;
  const tag = found.tags[0];
  return {
    reference: tag === undefined || isRegistry ? reference : `${reference} (${tag})`,
    tags: found.tags,
    format: loaded.format,
    imageId: loaded.config.digest as Digest | null,
    manifestDigest: (found.manifestDigest ?? loaded.manifestDigest ?? null) as Digest | null,
    platform,
    created: text(config.get('created')) ?? null,
    config: decodeConfig(config.get('config')),
    history,
    layers: layers.map((layer, index) =>
      buildLayer(layer, index, digest(diffIds[index]) ?? null, makers.get(index + 1) ?? layer.createdBy ?? null, store),
    ),
    warnings: [
      ...warnings,
      ...loaded.warnings,
      ...(loaded.config.digest === null ? [] : configWarnings(config, layers.length, diffIds.length, isMatched)),
    ],
  };
}

function configWarnings(config: Fields, layers: number, diffIds: number, isMatched: boolean): string[] {
  const warnings: string[] = [];
  if (config.size === 0) warnings.push('the config is no object, or empty');
  if (config.has('rootfs') && diffIds !== layers) warnings.push(`the config states ${diffIds} layers, not ${layers}`);
  if (!isMatched && list(config.get('history')).length > 0) {
    warnings.push('the history does not fit the layers: which instruction made which layer is not known');
  }
  return warnings;
}

function buildLayer(
  layer: LoadedLayer,
  index: number,
  diffId: Digest | null,
  createdBy: string | null,
  store?: Store,
): Layer {
  const { at } = layer;
  const sniffed = store?.compression ?? sniffLayer;
  const compression = 'file' in at ? sniffed(at) : statedCompression(layer.mediaType ?? '');
  const suffix = compression === 'none' ? '' : `.${compression}`;
  return {
    index: index + 1,
    digest: layer.digest as Digest | null,
    diffId,
    mediaType: layer.mediaType ?? `application/vnd.docker.image.rootfs.diff.tar${suffix}`,
    compressedBytes: compression === 'none' ? null : at.length,
    createdBy,
    ...(layer.name !== undefined && { name: layer.name }),
    at,
  };
}

/** Nobody asks a registry for bytes only to see how they begin. */
function statedCompression(mediaType: string): Compression {
  return /gzip$/.test(mediaType) ? 'gzip' : /zstd$/.test(mediaType) ? 'zstd' : 'none';
}

function sniffLayer(at: FileLocator): Compression {
  const fd = openFile(at.file);
  try {
    const head = Buffer.alloc(Math.min(SNIFF_BYTES, at.length));
    const magic = sniff(head.subarray(0, readSync(fd, head, 0, head.length, at.offset)));
    return magic === 'gzip' || magic === 'zstd' ? magic : 'none';
  } finally {
    closeSync(fd);
  }
}
