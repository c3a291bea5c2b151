import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { RecordCache } from './layers/record-cache.ts';

/**
 * Where records of layers are kept between runs: `DLINT_CACHE`, else `dlint` in the user's folder for caches (XDG base
 * directory specification). Undefined when nothing shall be kept: `--no-cache`, `DLINT_CACHE=off`, or no such folder.
 */
export function openCache(isOff: boolean, env: NodeJS.ProcessEnv = process.env): RecordCache | undefined {
  const { DLINT_CACHE: own = '', XDG_CACHE_HOME: shared = '' } = env;
  if (isOff || own === 'off') return undefined;
  if (own !== '') return new RecordCache(own);
  const folder = isAbsolute(shared) ? shared : homeCache();
  return folder === undefined ? undefined : new RecordCache(join(folder, 'dlint'));
}

function homeCache(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? join(home, '.cache') : undefined;
  } catch {
    return undefined;
  }
}
