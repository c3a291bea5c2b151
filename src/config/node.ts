/** A value of a configuration file with its place: what is left of YAML and JSON behind the parser. */
export type ConfigNode = ScalarNode | ListNode | TableNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** Offset in the file, in UTF-16 units. */
  readonly at: number;
  /** Behind the last character as it is written; absent behind an alias. */
  readonly end?: number;
  readonly value: string | number | boolean | null;
  readonly tag?: string;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly ConfigNode[];
  readonly tag?: string;
}

export interface TableNode {
  readonly kind: 'table';
  readonly at: number;
  readonly entries: readonly TableEntry[];
  /** One of its own that stands before it (`!override`; YAML 1.2.2, "Node Tags"). */
  readonly tag?: string;
}

export interface TableEntry {
  readonly key: string;
  /** Where the key stands. */
  readonly at: number;
  readonly value: ConfigNode;
}

/** One thing that is wrong with a configuration file. */
export interface ConfigProblem {
  /** Offset in the file. */
  readonly at: number;
  readonly message: string;
  readonly hint?: string;
  /** A name that means nothing here, which may have been passed over. */
  readonly unknownName?: string;
}

/** The plain value, without places. */
export function plainValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]));
}

/** `a list`, `the text "x"`: what stands there, for messages. */
function describeNode(node: ConfigNode): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a table';
  if (node.value === null) return 'nothing';
  if (typeof node.value !== 'string') return String(node.value);
  return node.value.length > 40 ? `"${node.value.slice(0, 40)}…"` : `"${node.value}"`;
}

/** `a list stands where a text belongs` */
export function mismatchOf(node: ConfigNode, expected: string): ConfigProblem {
  return { at: node.at, message: `${describeNode(node)} stands where ${expected} belongs` };
}
