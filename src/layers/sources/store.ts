import type { FileLocator, Locator } from '../image.ts';
import type { Compression } from '../inflate.ts';

/** Named bytes, wherever they lie: the members of an archive or the files of a folder. */
export interface Store {
  /** As the user named it. */
  readonly reference: string;
  readonly isArchive: boolean;
  /** Where a member's bytes lie, links followed; undefined when there is none, or no file. */
  locate(name: string): FileLocator | undefined;
  read(at: FileLocator): Uint8Array;
  /** How a layer there is compressed, where its bytes cannot be looked at any more. */
  readonly compression?: (at: FileLocator) => Compression;
  /** Names of files and links that may belong to an image. */
  names(): Iterable<string>;
  /** What it seems to be when it is no image, e.g. "a root filesystem or single layer (7 entries, 2 whiteouts)". */
  describe(): string;
  /** Of an archive: itself as a layer, the names at its top, and how many whiteouts it has. */
  readonly rootfs?: { readonly at: FileLocator; readonly top: ReadonlySet<string>; readonly whiteouts: number };
}

/** An image that a store names, and how to load it. */
export interface FoundImage {
  readonly tags: readonly string[];
  readonly manifestDigest: string | null;
  /** As the manifest list states it; null where only the config knows. */
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string } | null;
  /** The image id, where the manifest says it before it is loaded. */
  readonly configDigest?: string;
  load(): LoadedImage | Promise<LoadedImage>;
}

/** What the manifest says, its layers located. */
export interface LoadedImage {
  readonly format: string;
  /** Both undefined and null where there is no configuration. */
  readonly config: { readonly value: unknown; readonly digest: string | null };
  /** Where it was not known before. */
  readonly manifestDigest?: string;
  readonly layers: readonly LoadedLayer[];
  readonly warnings: readonly string[];
}

export interface LoadedLayer {
  readonly at: Locator;
  readonly digest: string | null;
  readonly mediaType: string | null;
  /** Where the medium has no history. */
  readonly createdBy?: string;
  /** What the archive calls the layer's file. */
  readonly name?: string;
}
