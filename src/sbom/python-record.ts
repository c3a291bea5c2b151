import { lines } from './control-file.ts';

/**
 * Paths of a RECORD file (PEP 376, 427: CSV of path, hash, size), relative to the root of the image. Lines that are
 * none are left out, as are paths that leave it.
 */
export function readRecord(text: string, site: string): string[] {
  const paths: string[] = [];
  for (const line of lines(text)) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]+)),[^,]*,\d*$/.exec(line.slice(0, 8192));
    const path = match?.[1]?.replaceAll('""', '"') ?? match?.[2];
    if (!path) continue;
    const absolute = resolve(path.startsWith('/') ? '' : site, path);
    if (absolute) paths.push(absolute);
  }
  return paths;
}

function resolve(site: string, path: string): string | undefined {
  const parts = site === '' ? [] : site.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
