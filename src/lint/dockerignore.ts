/** What a `.dockerignore` keeps out of the build context (Dockerfile reference, ".dockerignore file"). */
export interface DockerIgnore {
  /** The pattern that keeps out a path and everything below it; `.` is the whole context. Paths are relative to its root. */
  ignoredBy(path: string): string | undefined;
  /** How many patterns a path is compared with. */
  readonly patterns: number;
}

interface Pattern {
  /** As written. */
  readonly text: string;
  readonly isException: boolean;
  readonly parts: readonly Part[];
}

/** One folder of a pattern: `**` for any number of them, or `*`, `?`, sets in brackets and letters, one by one. */
type Part = '**' | readonly string[];

/** Longer files, patterns and paths are made to burden the reader; what is beyond counts as not ignored. */
const maxPatterns = 1000;
const maxLength = 250;

/** Reads the text of a `.dockerignore`. */
export function readDockerIgnore(text: string): DockerIgnore {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split('\n', maxPatterns)
    .flatMap(readPattern);
  return {
    patterns: patterns.length,
    ignoredBy(path) {
      const parts = partsOf(path);
      if (path.length > maxLength) return undefined;
      const last = patterns.findLast((pattern) => matches(pattern, parts));
      const isKept = !last || last.isException || patterns.some((pattern) => mayMatchBelow(pattern, parts));
      return isKept ? undefined : last.text;
    },
  };
}

function readPattern(line: string): Pattern[] {
  const text = line.trim();
  if (text === '' || line.startsWith('#') || text.length > maxLength) return [];
  const isException = text.startsWith('!');
  const folders = partsOf(isException ? text.slice(1).trim() : text);
  const parts = folders.map((folder): Part => (folder === '**' ? folder : tokensOf(folder)));
  return parts.length === 0 ? [] : [{ text, isException, parts }];
}

/** Without `.`, `..` and doubled slashes: what Go's `filepath.Clean` makes of it, below the root. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/** Whether a pattern matches a path or a folder above it. The whole context is matched by what matches everything. */
function matches({ parts, isException }: Pattern, path: readonly string[]): boolean {
  if (path.length > 0) return matchesFrom(parts, path);
  const folders = parts.filter((part) => part !== '**');
  return !isException && folders.length < 2 && folders.every((part) => part.join('') === '*');
}

/** Goes through the path once, and back to the last `**` where a folder does not fit. */
function matchesFrom(pattern: readonly Part[], path: readonly string[]): boolean {
  let p = 0;
  let s = 0;
  let star = -1;
  let from = 0;
  while (s < path.length) {
    // All of the pattern is used up: it has matched a folder above.
    if (p === pattern.length) return true;
    const part = pattern[p] ?? [];
    if (part === '**') {
      star = p++;
      from = s;
    } else if (matchesPart(part, path[s] ?? '')) {
      p++;
      s++;
    } else if (star >= 0) {
      p = star + 1;
      s = ++from;
    } else return false;
  }
  return pattern.slice(p).every((part) => part === '**');
}

/** Whether an exception brings back something below a path. */
function mayMatchBelow({ isException, parts: pattern }: Pattern, path: readonly string[]): boolean {
  if (!isException) return false;
  for (const [i, part] of path.entries()) {
    const own = pattern[i];
    if (own === '**') return true;
    if (own === undefined || !matchesPart(own, part)) return false;
  }
  return pattern.length > path.length;
}

/** Go's `filepath.Match` for one folder or file name: `*`, `?`, `[a-z]`, `[^a-z]` and `\`. */
function matchesPart(tokens: readonly string[], name: string): boolean {
  let p = 0;
  let s = 0;
  let star = -1;
  let from = 0;
  while (s < name.length) {
    const token = tokens[p];
    if (token === '*') {
      star = p++;
      from = s;
    } else if (token !== undefined && matchesOne(token, name.charAt(s))) {
      p++;
      s++;
    } else if (star >= 0) {
      p = star + 1;
      s = ++from;
    } else return false;
  }
  return tokens.slice(p).every((token) => token === '*');
}

/** `*`, `?`, a set in brackets, or a letter, escaped ones with their backslash. */
function tokensOf(pattern: string): readonly string[] {
  return pattern.match(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\\\]])*\]|[\s\S]/g) ?? [];
}

function matchesOne(token: string, char: string): boolean {
  if (token === '?') return true;
  if (token.length === 2 && token.startsWith('\\')) return token.charAt(1) === char;
  if (token.length < 3 || !token.startsWith('[')) return token === char;
  const isNegated = token.startsWith('[^');
  const members = token.slice(isNegated ? 2 : 1, -1).match(/(?:\\[\s\S]|[^\\])(?:-(?:\\[\s\S]|[^\\]))?/g) ?? [];
  return isNegated !== members.some((member) => isAmong(char, member.replace(/\\([\s\S])/g, '$1')));
}

/** A letter, or a range of letters. */
function isAmong(char: string, member: string): boolean {
  return member.length === 3 ? member.charAt(0) <= char && char <= member.charAt(2) : member === char;
}
