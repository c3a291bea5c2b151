import {
  type Command as CommandNode,
  forEachChild,
  parse,
  type Redirection,
  type Script,
  type SyntaxNode,
  type Word,
} from 'unbash';
import type { Span } from '../../report/finding.ts';
import { foldedSpan } from '../fold.ts';
import type { Folded } from '../syntax.ts';

/** A construct of Bash that is not in POSIX.1-2024, Shell Command Language. */
export interface Bashism {
  readonly kind: BashismKind;
  readonly span: Span;
  /** As written. */
  readonly text: string;
  /** The program whose argument it is, if it is one. */
  readonly command?: string;
}

export type BashismKind =
  | 'test' // [[ … ]]
  | 'equals' // [ a == b ]
  | 'source'
  | 'array' // a=(…)
  | 'brace' // {a,b}
  | 'here-string' // <<<
  | 'process' // <(…)
  | 'redirect' // &> and >&file
  | 'function' // function f
  | 'echo-e'
  | 'replace' // ${a//b/c}, ${a:0:1}, ${a^^}
  | 'builtin'; // pushd, popd, shopt, declare, mapfile

const maxDepth = 200;
const builtins: ReadonlySet<string> = new Set(['pushd', 'popd', 'shopt', 'declare', 'typeset', 'mapfile', 'readarray']);

const signs = /\[\[|==|source|\(|[{]|<<<|&>|>&|function|echo|pushd|popd|shopt|declare|typeset|mapfile|readarray/;

/** False: there is none in the script. */
export function mayHaveBashisms(script: string): boolean {
  return signs.test(script);
}

/** What a script was parsed into. The parser's own types stay inside, so that those of the package need nothing else. */
export type ParsedScript = object;

/**
 * Finds what only Bash understands in a script, substitutions included; not in scripts that are handed to other shells.
 * `tree` is what the text was parsed into, if it was.
 */
export function bashisms(script: Folded, tree?: ParsedScript): readonly Bashism[] {
  if (!mayHaveBashisms(script.text)) return [];
  const found: Bashism[] = [];
  const add: Add = (kind, start, end, command) => {
    const span = foldedSpan(script, start, end);
    found.push({ kind, span, text: script.text.slice(start, end), ...(command === undefined ? {} : { command }) });
  };
  visit((tree as Script | undefined) ?? parse(script.text), { text: script.text, add, depth: 0 });
  return found;
}

type Add = (kind: BashismKind, start: number, end: number, command?: string) => void;

interface Place {
  readonly text: string;
  readonly add: Add;
  readonly depth: number;
  readonly command?: string | undefined;
}

function visit(node: SyntaxNode, place: Place): void {
  if (place.depth > maxDepth) return;
  // Positions inside backquotes with escapes count in a text of their own.
  if (node.type === 'Script' && node.source !== undefined) return;
  inspect(node, place);
  // What stands in `[[ … ]]` is no better than the brackets; an assignment expands no braces.
  if (
    node.type === 'TestCommand' ||
    (node.type === 'Assignment' && node.value.type === 'Word' && !/[$`]/.test(node.text))
  ) {
    return;
  }
  const command = node.type === 'Command' ? node.name?.value : node.type === 'Script' ? undefined : place.command;
  const inside: Place = { text: place.text, add: place.add, depth: place.depth + 1, command };
  forEachChild(node, (child) => visit(child, inside));
}

function inspect(node: SyntaxNode, { text, add, command }: Place): void {
  switch (node.type) {
    case 'Command':
      inspectCommand(node, add);
      return;
    case 'TestCommand':
      add('test', node.pos, node.pos + 2);
      return;
    case 'Function':
      if (text.startsWith('function', node.pos)) add('function', node.pos, node.pos + 'function'.length);
      return;
    case 'ArrayValue':
      add('array', node.pos, node.end);
      return;
    case 'BraceExpansion':
      add('brace', node.pos, node.end, command);
      return;
    case 'ProcessSubstitution':
      add('process', node.pos, node.end);
      return;
    case 'ParameterExpansion':
      if (/^(Replace|Slice|CaseModification)$/.test(node.operation?.type ?? '')) add('replace', node.pos, node.end);
      return;
    case 'HereString':
      add('here-string', node.pos, node.pos + 3);
      return;
    case 'Redirect':
      inspectRedirect(node, add);
      return;
  }
}

function inspectRedirect(node: Extract<Redirection, { type: 'Redirect' }>, add: Add): void {
  const { operator, target, pos } = node;
  const isBoth = operator === '&>' || operator === '&>>';
  if (isBoth) add('redirect', pos, pos + operator.length);
  // `>&file`; a number or a dash is a descriptor.
  else if (operator === '>&' && target && !/^(\d+|-|\d+-)$/.test(target.value) && !/[$`]/.test(target.text)) {
    add('redirect', pos, pos + operator.length);
  }
}

function inspectCommand({ name, suffix }: CommandNode, add: Add): void {
  if (!name) return;
  const words = suffix.filter((child): child is Word => child.type === 'Word');
  const [first] = words;
  if (name.value === 'source' && first) add('source', name.pos, name.end);
  if (name.value === 'echo' && first && /^-[neE]*e[neE]*$/.test(first.text)) add('echo-e', first.pos, first.end);
  if (name.value === '[' || name.value === 'test') {
    const equals = words.find(({ text }) => text === '==');
    if (equals) add('equals', equals.pos, equals.end);
  }
  if (builtins.has(name.value)) add('builtin', name.pos, name.end);
}
