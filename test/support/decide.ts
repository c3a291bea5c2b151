import { type FindContentsOptions, findContents } from '../../src/layers/find-contents.ts';
import type { Image } from '../../src/layers/image.ts';
import type { StackedTree } from '../../src/layers/image-tree.ts';
import type { LayerRecord } from '../../src/layers/record.ts';

/** The tree as `inspect` has it: with the bodies read that tell whether rewrites of equal size changed anything. */
export async function decide(
  image: Pick<Image, 'reference' | 'layers'>,
  records: readonly LayerRecord[],
  tree: StackedTree,
  options: FindContentsOptions = {},
): Promise<StackedTree> {
  return tree.withContents((await findContents(image, records, tree, options)).of);
}
