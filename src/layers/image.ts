import type { Digest } from '../report/finding.ts';
import type { Settings } from '../report/image-report.ts';

/** OCI image-spec `descriptor.platform`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly osVersion?: string;
}

/**
 * An image is plain data whose layers can be opened, wherever they lie.
 * Fields that the medium does not state are null, never guessed.
 */
export interface Image {
  /** As the user named it, with the tag found inside where there is one. */
  readonly reference: string;
  /** Names the archive gives the image, e.g. `app:1.2`; may be empty. */
  readonly tags: readonly string[];
  /** What the source is: `docker-archive`, `docker-v1`, `oci-archive`, `oci-layout`, `registry`, `rootfs`. */
  readonly format: string;
  /** SHA-256 of the config's bytes: what docker calls the image id; null where there is no config. */
  readonly imageId: Digest | null;
  readonly manifestDigest: Digest | null;
  readonly platform: Platform | null;
  /** RFC 3339, as stated. */
  readonly created: string | null;
  readonly config: ImageConfig;
  readonly history: readonly HistoryEntry[];
  readonly layers: readonly Layer[];
  /** What was odd but readable: a digest that does not match, a blob named twice. */
  readonly warnings: readonly string[];
}

/** As decoded, with its secrets. */
export type ImageConfig = Settings;

export interface HistoryEntry {
  readonly createdBy: string;
  readonly created: string | null;
  readonly comment: string | null;
  readonly author: string | null;
  /** 1-based index of the layer it made; null for an instruction that made none. */
  readonly layer: number | null;
}

export interface Layer {
  /** From 1, the lowest, as in `--layer`. */
  readonly index: number;
  /** Digest of the blob as stored; null where the medium does not state one (old docker-archive). */
  readonly digest: Digest | null;
  /** Digest of the uncompressed tar as the config states it; null where it states none. */
  readonly diffId: Digest | null;
  readonly mediaType: string;
  /** Bytes of the blob when it is compressed, else null. */
  readonly compressedBytes: number | null;
  /** From the history, where it could be matched. */
  readonly createdBy: string | null;
  /** What an archive calls the layer's file; absent where it has no name of its own. */
  readonly name?: string;
  readonly at: Locator;
}

/** Where a layer's bytes lie. Plain data: it crosses to a worker thread, which opens it. */
export type Locator = FileLocator | RegistryLocator;

export interface FileLocator {
  readonly file: string;
  /** Bytes from the start of `file`. */
  readonly offset: number;
  readonly length: number;
}

/** A blob of a registry. Whoever opens it looks credentials up by itself. */
export interface RegistryLocator {
  /** `https://HOST/v2/NAME/blobs/DIGEST`; `http:` only where that was allowed. */
  readonly url: string;
  readonly digest: Digest;
  /** Bytes, as the manifest states them. */
  readonly length: number;
}
