import { catalog } from '../../src/sbom/catalog.ts';
import { CATALOGERS } from '../../src/sbom/catalogers/index.ts';
import { type Files, memoryView } from './memory-tree.ts';

/** What all catalogers find in these files. */
export function catalogFiles(files: Files) {
  return catalog(memoryView(files, 1, CATALOGERS), CATALOGERS);
}
