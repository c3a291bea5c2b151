import { openCache } from './image-cache.ts';
import { openFlags, readLayer } from './image-flags.ts';
import type { Scratch } from './layers/scratch.ts';
import { type StackedImage, stackImage } from './layers/stacked-image.ts';
import type { Progress } from './progress.ts';

/** Flags that say which image is read, as it was after which layer, and whether records of layers are kept. */
interface ImageFlags {
  readonly platform?: string;
  readonly image?: string;
  readonly insecure?: boolean;
  readonly layer?: string;
  readonly 'no-cache'?: boolean;
}

/**
 * The image as the flags ask for it, for commands that need no hashes of its files.
 * @throws DlintError E_USAGE, and what `stackImage` throws
 */
export async function stackFlagged(
  reference: string,
  flags: ImageFlags,
  { scratch, progress }: { readonly scratch: Scratch; readonly progress: Progress },
): Promise<StackedImage> {
  const cache = openCache(flags['no-cache'] === true);
  return await stackImage(reference, {
    scratch,
    hash: false,
    ...(flags.layer !== undefined && { layer: readLayer(flags.layer) }),
    ...openFlags(flags),
    ...(cache && { cache }),
    onProgress: ({ done, total }) => progress.reportBytes(done, total),
  });
}
