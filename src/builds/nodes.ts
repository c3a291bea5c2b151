import type { ConfigNode, TableEntry, TableNode } from '../config/node.ts';
import type { Span } from '../report/finding.ts';
import { type BuildFile, buildFileError, type Said, said } from './said.ts';

/** The entries of a table with what `<<` brings in (YAML 1.1, "Merge Key"): own ones first, then the first that has it. */
export function entriesOf(node: ConfigNode | undefined): readonly TableEntry[] {
  if (node?.kind !== 'table') return [];
  const merged = node.entries.filter(({ key }) => key === '<<');
  if (merged.length === 0) return node.entries;
  const found = new Map<string, TableEntry>();
  const bases = merged.flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]));
  const all = [...node.entries.filter(({ key }) => key !== '<<'), ...bases.flatMap((base) => entriesOf(base))];
  for (const entry of all) if (!found.has(entry.key)) found.set(entry.key, entry);
  return [...found.values()];
}

export function entryOf(node: ConfigNode | undefined, key: string): TableEntry | undefined {
  return entriesOf(node).find((entry) => entry.key === key);
}

export function nodeAt(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  return entryOf(node, key)?.value;
}

function spanOf(node: ConfigNode): Span {
  return { start: node.at, end: (node.kind === 'scalar' ? node.end : undefined) ?? node.at };
}

/** Undefined where nothing stands. @throws DlintError E_CONFIG for a list or table */
export function textOf(file: BuildFile, node: ConfigNode | undefined, what: string): Said | undefined {
  if (!node || (node.kind === 'scalar' && node.value === null)) return undefined;
  if (node.kind === 'scalar') return said(file, String(node.value), spanOf(node));
  throw buildFileError(file, node.at, `${what} is a ${node.kind}, not a text`);
}

/** A text, or a list of them. */
export function textsOf(file: BuildFile, node: ConfigNode | undefined, what: string): readonly Said[] {
  const items = node?.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => textOf(file, item, what) ?? []);
}

/** `{ NAME: value }` or `[NAME=value, NAME]`: without a value, the one of the environment. */
export function pairsOf(file: BuildFile, node: ConfigNode | undefined): ReadonlyMap<string, Said> {
  if (node?.kind === 'list') return new Map(node.items.flatMap((item) => pairOf(file, item)));
  return new Map(
    entriesOf(node).flatMap(({ key, at, value }) => {
      const span = { start: at, end: Math.min(file.source.text.length, at + key.length) };
      if (value.kind !== 'scalar') return [];
      const text = value.value === null ? `\${${key}}` : String(value.value);
      return [[key, said(file, text, span)] as const];
    }),
  );
}

function pairOf(file: BuildFile, item: ConfigNode): (readonly [string, Said])[] {
  if (item.kind !== 'scalar' || item.value === null) return [];
  const [name = '', ...rest] = String(item.value).split('=');
  const text = rest.length > 0 ? rest.join('=') : `\${${name}}`;
  return name === '' ? [] : [[name, said(file, text, spanOf(item))]];
}

/**
 * A table; undefined for what is absent or null.
 * @throws DlintError E_CONFIG for anything else
 */
export function tableIn(file: BuildFile, node: ConfigNode | undefined, what: string): TableNode | undefined {
  if (!node || (node.kind === 'scalar' && node.value === null)) return undefined;
  if (node.kind === 'table') return node;
  throw buildFileError(file, node.at, `${what} is no table`);
}
