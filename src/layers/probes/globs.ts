import picomatch from 'picomatch';

type Matcher = (path: string) => boolean;

/**
 * One test for many globs. Sixty globs against each of a hundred thousand paths would take longer than the scan, so the
 * path's last name chooses the few that can match: by the whole name, or by what follows its last dot.
 */
export function compileGlobs(globs: readonly string[]): Matcher {
  const byName = new Map<string, Matcher[]>();
  const byExtension = new Map<string, Matcher[]>();
  const others: Matcher[] = [];
  for (const glob of globs.flatMap(expandBraces)) {
    const name = glob.slice(glob.lastIndexOf('/') + 1);
    const extension = /^\*\.([^*?[\]{}()!+@.]+)$|^\*[^*?[\]{}()!+@]*\.([^*?[\]{}()!+@.]+)$/.exec(name);
    if (isLiteral(name)) enlist(byName, name, matcher(glob, name));
    else if (extension) enlist(byExtension, (extension[1] ?? extension[2]) as string, matcher(glob, name));
    else others.push(matcher(glob, name));
  }
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (byName.get(name)?.some((matches) => matches(path))) return true;
    const dot = name.lastIndexOf('.');
    if (dot >= 0 && byExtension.get(name.slice(dot + 1))?.some((matches) => matches(path))) return true;
    return others.length > 0 && others.some((matches) => matches(path));
  };
}

function enlist(map: Map<string, Matcher[]>, key: string, matches: Matcher): void {
  const list = map.get(key);
  if (list) list.push(matches);
  else map.set(key, [matches]);
}

function matcher(glob: string, name: string): Matcher {
  if (glob === `**/${name}` && isLiteral(name)) return () => true;
  if (isLiteral(glob)) return (path) => path === glob;
  const plain = toExpression(glob);
  return plain ? (path) => plain.test(path) : picomatch(glob, { dot: true });
}

/** Globs of `*` and of `**` as whole names, which is what nearly all are. picomatch takes ten times as long to compile one. */
function toExpression(glob: string): RegExp | undefined {
  // Without a parenthesis, `+`, `@` and a `!` that is not the first character stand for themselves.
  if (/[?[\]{}()\\]|^[!.]/.test(glob)) return undefined;
  const names = glob.split('/');
  const parts: string[] = [];
  for (const [i, name] of names.entries()) {
    const isLast = i === names.length - 1;
    if (name === '**' && !isLast) parts.push('(?:[^/]+/)*');
    else if (name === '' || name === '..' || name === '.' || name.includes('**')) return undefined;
    else parts.push(`${name === '*' ? '[^/]+' : escaped(name).replaceAll('\\*', '[^/]*')}${isLast ? '' : '/'}`);
  }
  return new RegExp(`^${parts.join('')}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isLiteral(glob: string): boolean {
  return !/[*?[\]{}()!+@\\]/.test(glob);
}

/** `*.{jar,war}` as two globs; nested braces are left to picomatch. */
function expandBraces(glob: string): string[] {
  const match = /^(.*)\{([^{}]*,[^{}]*)\}([^{}]*)$/.exec(glob);
  if (!match) return [glob];
  const [, before = '', choices = '', after = ''] = match;
  return choices.split(',').flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}
