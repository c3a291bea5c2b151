/** WORKDIR: relative to the one before. Undefined when that is not known. Windows paths stay as they are. */
export function resolveWorkdir(before: string | undefined, path: string): string | undefined {
  if (/^[A-Za-z]:|\\/.test(path)) return path;
  if (path.startsWith('/')) return normalize(path);
  return before === undefined ? undefined : normalize(`${before}/${path}`);
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
