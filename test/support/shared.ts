import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Reference data that lies beside the repository in `../shared` (or `DLINT_SHARED`) and is never copied into it.
 * Gives the absolute path, or undefined when it is not there: `describe.skipIf(!shared('sbom'))`.
 */
export function shared(path: string): string | undefined {
  const root = process.env.DLINT_SHARED ?? resolve(import.meta.dirname, '../../../shared');
  const found = resolve(root, path);
  return existsSync(found) ? found : undefined;
}
