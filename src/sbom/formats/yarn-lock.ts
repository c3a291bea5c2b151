/** An entry of yarn.lock, version 1. */
export interface YarnEntry {
  /** `name@range`, one or more. */
  readonly descriptors: readonly string[];
  /** `version`, `resolved`, `integrity`. */
  readonly fields: ReadonlyMap<string, string>;
  readonly dependencies: readonly (readonly [name: string, range: string])[];
  readonly optional: readonly (readonly [name: string, range: string])[];
}

const WORD = /"((?:[^"\\]|\\.)*)"|[^\s:,"]+(?::[^\s,"]+)*/g;

/** yarn's stringify: keys without indent that end in a colon, fields two blanks in, dependencies four. Throws on other text. */
export function parseYarnLock(text: string): YarnEntry[] {
  const entries: YarnEntry[] = [];
  let fields = new Map<string, string>();
  let list: [string, string][] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const indent = line.length - line.trimStart().length;
    const words = wordsOf(line);
    const [first = '', second = ''] = words;
    if (indent === 0) {
      if (!line.trimEnd().endsWith(':')) throw new Error(`"${line.slice(0, 60)}" begins no entry`);
      fields = new Map();
      list = undefined;
      entries.push({ descriptors: words, fields, dependencies: [], optional: [] });
    } else if (entries.length === 0) throw new Error('a field before the first entry');
    else if (indent >= 4) list?.push([first, second]);
    else if (line.trimEnd().endsWith(':')) {
      const { dependencies, optional } = entries.at(-1) as YarnEntry;
      const found = first === 'dependencies' ? dependencies : first === 'optionalDependencies' ? optional : undefined;
      list = found as [string, string][] | undefined;
    } else {
      list = undefined;
      fields.set(first, second);
    }
  }
  return entries;
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(WORD)].map(([word, quoted]) => (quoted === undefined ? word : unquote(quoted)));
}

function unquote(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}
