import { type OpenOptions, openImage } from './open.ts';
import type { ProbeRequest } from './record.ts';
import { type ScanArchiveOptions, scanArchive } from './scan-archive.ts';
import { stack } from './stack.ts';
import type { StackedImage } from './stacked-image.ts';

/**
 * The image of an archive that comes by only once, with what the probes found on the way: nothing of it lies on disk,
 * and no body can be read afterwards. Errors: those of `scanArchive` and `openImage`.
 */
export async function passImage(
  reference: string,
  stream: AsyncIterable<Buffer>,
  probes: readonly ProbeRequest[],
  options: Omit<OpenOptions, 'store'> & Omit<ScanArchiveOptions, 'reference'>,
): Promise<StackedImage> {
  const passed = await scanArchive(stream, probes, { ...options, reference });
  const image = await openImage(reference, { ...options, store: passed.store });
  const records = passed.records(image);
  return { image, records, tree: stack(records) };
}
