import { readDocument } from '../config/document.ts';
import type { ConfigNode } from '../config/node.ts';
import { parseHcl } from './hcl/parse.ts';
import { parseTemplate } from './hcl/parse-template.ts';
import { type Attribute, type Block, type Body, type Expression, HclError } from './hcl/syntax.ts';
import { type BuildFile, buildFileError } from './said.ts';

/** A bake file and what it says. */
export interface BakeFile {
  readonly file: BuildFile;
  readonly body: Body;
}

/** @throws DlintError E_CONFIG for what is neither HCL nor JSON */
export function parseBakeFile(file: BuildFile): BakeFile {
  const { path, text } = file.source;
  const isJson = path.endsWith('.hcl') ? false : /^\s*[{[]/.test(text);
  try {
    return { file, body: isJson ? readJson(file) : parseHcl(text) };
  } catch (error) {
    if (error instanceof HclError) throw buildFileError(file, error.at, error.message);
    throw error;
  }
}

function readJson(file: BuildFile): Body {
  const read = readDocument(file.source.text, 'anchor');
  if ('node' in read) return bodyOf(read.node, new Set(['target', 'group', 'variable', 'function']));
  const [problem] = read.problems;
  throw buildFileError(file, problem?.at ?? 0, problem?.message ?? 'it cannot be read');
}

/** HCL JSON Syntax Specification: tables of blocks by their label, and attributes. */
function bodyOf(node: ConfigNode, blockTypes: ReadonlySet<string>): Body {
  const attributes = new Map<string, Attribute>();
  const blocks: Block[] = [];
  if (node.kind !== 'table') throw new HclError(node.at, 'a table belongs here');
  for (const { key, at, value } of node.entries) {
    if (!blockTypes.has(key)) attributes.set(key, { at, value: expressionOf(value) });
    else if (value.kind !== 'table') throw new HclError(value.at, `${key} is no table`);
    else {
      for (const entry of value.entries) {
        blocks.push({ type: key, labels: [entry.key], at: entry.at, body: bodyOf(entry.value, new Set()) });
      }
    }
  }
  return { attributes, blocks };
}

function expressionOf(node: ConfigNode): Expression {
  const place = { start: node.at, end: (node.kind === 'scalar' ? node.end : undefined) ?? node.at };
  if (node.kind === 'list') return { kind: 'list', items: node.items.map(expressionOf), ...place };
  if (node.kind === 'table') {
    const entries = node.entries.map(({ key, at, value }) => ({
      key: { kind: 'literal', value: key, start: at, end: at + key.length } as const,
      value: expressionOf(value),
    }));
    return { kind: 'object', entries, ...place };
  }
  if (typeof node.value !== 'string') return { kind: 'literal', value: node.value, ...place };
  return { ...templateIn(node.value, node.at), ...place };
}

function templateIn(text: string, at: number): Expression {
  try {
    return parseTemplate(text);
  } catch (error) {
    throw error instanceof HclError ? new HclError(at, error.message) : error;
  }
}
