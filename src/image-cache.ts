import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { RecordCache } from './layers/record-cache.ts';

/**
 * Where records of layers are kept between runs: `DLINT_CACHE`, else `dlint` in the user's folder for caches.
 * Undefined when nothing shall be kept: `--no-cache`, `DLINT_CACHE=off`, or no such folder.
 */
export function openCache(isOff: boolean, env: NodeJS.ProcessEnv = process.env): RecordCache | undefined {
  const { DLINT_CACHE: own = '' } = env;
  if (isOff || own === 'off') return undefined;
  if (own !== '') return new RecordCache(own);
  const folder = cacheFolder(env);
  return folder === undefined ? undefined : new RecordCache(join(folder, 'dlint'));
}
