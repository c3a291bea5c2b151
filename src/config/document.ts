import { isAlias, isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { tooNested } from './nesting.ts';
import type { ConfigNode, ConfigProblem, TableEntry } from './node.ts';

/** What aliases may blow a file up to, and how deep it may be nested: no configuration comes near. */
const maxNodes = 50_000;
const maxDepth = 50;
const tooDeep = `nested deeper than ${maxDepth} levels, aliases counted`;

/**
 * YAML 1.2, of which JSON is a part: the value with its places, or what is wrong. An empty file is an empty table.
 *
 * @param aliases whether what an alias stands for has the place of the alias, or its own behind the anchor
 */
export function readDocument(
  text: string,
  aliases: 'alias' | 'anchor' = 'alias',
): { node: ConfigNode } | { problems: readonly ConfigProblem[] } {
  const deep = tooNested(text, 4 * maxDepth);
  if (deep !== undefined) return { problems: [{ at: deep, message: tooDeep }] };
  const document = parseDocument(text, {
    version: '1.2',
    prettyErrors: false,
    logLevel: 'error',
    // Theirs compares every key with every other.
    uniqueKeys: false,
  });
  const problems = document.errors.map(({ pos: [at], message }) => ({ at, message: lowerFirst(message) }));
  if (problems.length > 0) return { problems: problems.slice(0, 3) };
  try {
    return { node: new Converter(aliases === 'anchor').convert(document.contents, 0) };
  } catch (error) {
    if (error instanceof Refusal) return { problems: [{ at: error.at, message: error.message }] };
    throw error;
  }
}

class Refusal extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const ownPlace = -1;

/** Puts aliases in the place of what they stand for, up to a bound. */
class Converter {
  /** By name, as far as the document has been read: the last one above counts. */
  readonly #anchors = new Map<string, Node>();
  readonly #isAtAnchor: boolean;
  #count = 0;

  constructor(isAtAnchor: boolean) {
    this.#isAtAnchor = isAtAnchor;
  }

  /** @param alias offset of the alias that this is behind; `ownPlace` behind one that leaves places as they are */
  convert(value: unknown, depth: number, alias?: number): ConfigNode {
    const isOwn = alias === undefined || alias === ownPlace;
    const at = !isOwn ? alias : isNode(value) ? (value.range?.[0] ?? 0) : 0;
    if (++this.#count > maxNodes) throw new Refusal(at, `more than ${maxNodes} values, aliases counted`);
    if (depth > maxDepth) throw new Refusal(at, tooDeep);
    if (isAlias(value)) {
      const target = this.#anchors.get(value.source);
      if (!target) throw new Refusal(at, `there is no anchor ${value.source} above`);
      return this.convert(target, depth + 1, this.#isAtAnchor ? ownPlace : at);
    }
    if (alias === undefined && isNode(value) && value.anchor !== undefined) this.#anchors.set(value.anchor, value);
    const tag = ownTag(value);
    if (isSeq(value))
      return { kind: 'list', at, ...tag, items: value.items.map((item) => this.convert(item, depth + 1, alias)) };
    if (isMap(value)) {
      const entries = value.items.map(({ key, value: inner }) => this.#entry(key, inner, depth + 1, alias));
      checkUnique(entries);
      return { kind: 'table', at, ...tag, entries };
    }
    if (value === null && depth === 0) return { kind: 'table', at, entries: [] };
    if (!isScalar(value)) return { kind: 'scalar', at, value: null };
    const plain = value.value;
    if (depth === 0 && plain === null) return { kind: 'table', at, entries: [] };
    const isPlain = typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean';
    const end = isOwn ? value.range?.[1] : undefined;
    return { kind: 'scalar', at, ...(end !== undefined && { end }), ...tag, value: isPlain ? plain : null };
  }

  #entry(key: unknown, value: unknown, depth: number, alias: number | undefined): TableEntry {
    const at = alias !== undefined && alias !== ownPlace ? alias : isNode(key) ? (key.range?.[0] ?? 0) : 0;
    const name = isScalar(key) ? key.value : undefined;
    if (name === undefined || name === null || typeof name === 'object') throw new Refusal(at, 'a key that is no text');
    const read = value === null ? { kind: 'scalar' as const, at, value: null } : this.convert(value, depth, alias);
    return { key: String(name), at, value: read };
  }
}

function ownTag(value: unknown): { readonly tag?: string } {
  const tag = isNode(value) && 'tag' in value ? value.tag : undefined;
  return typeof tag === 'string' && /^![^!]/.test(tag) ? { tag } : {};
}

function checkUnique(entries: readonly TableEntry[]): void {
  const seen = new Set<string>();
  for (const { key, at } of entries) {
    if (seen.has(key)) throw new Refusal(at, `the key ${key} stands here twice`);
    seen.add(key);
  }
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
