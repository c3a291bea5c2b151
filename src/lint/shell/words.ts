import {
  type Assignment as AssignmentNode,
  forEachChild,
  type Redirection,
  type Script,
  type SyntaxNode,
  type Word as WordNode,
  type WordPart,
} from 'unbash';
import { foldedSpan } from '../fold.ts';
import type { Folded } from '../syntax.ts';
import type { Assignment, Expansion, Redirect, ShellWord } from './command.ts';

/** A script inside a word, and the node it stands in. */
export interface Substitution {
  readonly script: Script;
  readonly start: number;
  readonly end: number;
}

const none: readonly Expansion[] = [];

/** A word of the parser's tree as ours; scripts inside it (`$(…)`) are handed to `found`. */
export function shellWord(node: WordNode, text: Folded, found: (substitution: Substitution) => void): ShellWord {
  const span = foldedSpan(text, node.pos, node.end);
  return { span, raw: node.text, text: node.value, expansions: expansionsOf(node, text, found) };
}

export function expansionsOf(
  node: { readonly text: string; readonly parts?: readonly WordPart[] | undefined },
  text: Folded,
  found: (substitution: Substitution) => void,
): readonly Expansion[] {
  // The parts are made on first access; most words have none worth it.
  if (!/[$`]|[<>]\(/.test(node.text)) return none;
  const expansions: Expansion[] = [];
  collect(node.parts ?? [], false, text, expansions, found);
  return expansions;
}

function collect(
  parts: readonly WordPart[],
  quoted: boolean,
  text: Folded,
  into: Expansion[],
  found: (substitution: Substitution) => void,
): void {
  for (const part of parts) {
    const add = (kind: Expansion['kind'], name?: string): void => {
      into.push({ span: foldedSpan(text, part.pos, part.end), kind, quoted, ...(name === undefined ? {} : { name }) });
    };
    switch (part.type) {
      case 'SimpleExpansion':
        add('variable', part.text.slice(1));
        break;
      case 'ParameterExpansion':
        add('variable', part.parameter);
        if (part.operation && 'operand' in part.operation && part.operation.operand) {
          collect(part.operation.operand.parts ?? [], quoted, text, [], found);
        }
        break;
      case 'CommandExpansion':
      case 'ProcessSubstitution':
        add(part.type === 'CommandExpansion' ? 'command' : 'process');
        if (part.script) found({ script: part.script, start: part.pos, end: part.end });
        break;
      case 'ArithmeticExpansion':
        add('arithmetic');
        if (part.expression) scriptsIn(part.expression, text, found);
        break;
      case 'DoubleQuoted':
      case 'LocaleString':
        collect(part.parts, true, text, into, found);
        break;
      case 'ExtendedGlob':
      case 'BraceExpansion':
      case 'Glob':
        if (part.parts) collect(part.parts, quoted, text, into, found);
        break;
    }
  }
}

/** Substitutions in `[[ … ]]` and in arithmetic. */
export function scriptsIn(
  node: SyntaxNode,
  text: Folded,
  found: (substitution: Substitution) => void,
  depth = 0,
): void {
  if (depth > 100) return;
  forEachChild(node, (child) => {
    if (child.type === 'Word') expansionsOf(child, text, found);
    else if (child.type === 'Script') found({ script: child, start: node.pos, end: node.end });
    else scriptsIn(child, text, found, depth + 1);
  });
}

/** An assignment that is an argument (`export A=b`) is a word to the command. */
export function assignmentWord(node: AssignmentNode, text: Folded, found: (found: Substitution) => void): ShellWord {
  const { value } = node;
  const span = foldedSpan(text, node.pos, node.end);
  if (value.type === 'ArrayValue') return { span, raw: node.text, text: node.text, expansions: none };
  const prefix = node.text.slice(0, Math.max(0, node.text.length - (value.end - value.pos)));
  return { span, raw: node.text, text: prefix + value.value, expansions: expansionsOf(value, text, found) };
}

export function assignment(node: AssignmentNode, text: Folded, found: (found: Substitution) => void): Assignment {
  const span = foldedSpan(text, node.pos, node.end);
  if (node.value.type === 'ArrayValue') return { span, name: node.name };
  return { span, name: node.name, value: shellWord(node.value, text, found) };
}

export function redirect(node: Redirection, text: Folded, found: (found: Substitution) => void): Redirect {
  const target = node.type === 'HereDoc' ? undefined : node.target;
  const fd = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
  return {
    span: foldedSpan(text, node.pos, node.end),
    operator: node.operator,
    ...(fd === undefined ? {} : { fd }),
    ...(target ? { target: shellWord(target, text, found) } : {}),
  };
}
