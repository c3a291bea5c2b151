import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * The user's folder for caches: `XDG_CACHE_HOME` (XDG base directory specification), on Windows else `LOCALAPPDATA`,
 * else `.cache` in the home. Undefined where there is no home.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string | undefined {
  const { isAbsolute, join } = platform === 'win32' ? win32 : posix;
  const { XDG_CACHE_HOME: shared = '', LOCALAPPDATA: local = '' } = env;
  if (isAbsolute(shared)) return shared;
  if (platform === 'win32' && isAbsolute(local)) return local;
  const home = homeOf();
  return isAbsolute(home) ? join(home, '.cache') : undefined;
}

/** Empty when the user has none: who runs under a number without an account. */
function homeOf(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
