import type { Span } from '../report/finding.ts';
import { skipSpace } from './characters.ts';
import { lineAt } from './lines.ts';
import type { Directive, Dockerfile, SyntaxProblem } from './syntax.ts';

export interface DirectiveBlock {
  readonly directives: readonly Directive[];
  readonly escape: Dockerfile['escape'];
  readonly problems: readonly SyntaxProblem[];
}

const known = ['syntax', 'escape', 'check'];

/**
 * Reads the parser directives at the head of a file. They end at the first line that is no directive; a `#!` line may
 * stand before `syntax` and `check`. Where no `# syntax=` is, other notations name the frontend: `//syntax=`, or a file
 * that is one JSON object with a `syntax` key.
 */
export function readDirectives(text: string, start: number): DirectiveBlock {
  const shebang = text.startsWith('#!', start);
  const from = shebang ? lineAt(text, start).next : start;
  const block = readBlock(text, from, '#', shebang ? ['syntax', 'check'] : known);
  if (block.directives.some(({ name }) => name === 'syntax')) return block;
  const other = readBlock(text, from, '//', ['syntax']).directives[0] ?? readJsonSyntax(text, from);
  return other ? { ...block, directives: [...block.directives, other] } : block;
}

function readBlock(text: string, start: number, comment: '#' | '//', names: readonly string[]): DirectiveBlock {
  const directives: Directive[] = [];
  const problems: SyntaxProblem[] = [];
  let escapeChar: Dockerfile['escape'] = '\\';
  for (let at = start; at < text.length; ) {
    const line = lineAt(text, at);
    const directive = readDirective(text, line, comment);
    if (!directive || !names.includes(directive.name)) break;
    at = line.next;
    if (directives.some(({ name }) => name === directive.name)) {
      problems.push(repeated(directive));
      continue;
    }
    directives.push(directive);
    if (directive.name !== 'escape') continue;
    if (directive.full === '\\' || directive.full === '`') escapeChar = directive.full;
    else problems.push(badEscape(directive));
  }
  return { directives, escape: escapeChar, problems };
}

function readDirective(text: string, line: Span, comment: string): Directive | undefined {
  const start = skipSpace(text, line.start, line.end);
  if (!text.startsWith(comment, start)) return undefined;
  const found = /^(\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*)(\S(?:.*\S)?)\s*$/.exec(
    text.slice(start + comment.length, line.end),
  );
  if (!found) return undefined;
  const [, head = '', name = '', full = ''] = found;
  const value = full.split(' ', 1)[0] as string;
  const valueStart = start + comment.length + head.length;
  return {
    name: name.toLowerCase(),
    value,
    full,
    span: { start, end: valueStart + full.length },
    valueSpan: { start: valueStart, end: valueStart + value.length },
  };
}

function readJsonSyntax(text: string, start: number): Directive | undefined {
  if (text[skipSpace(text, start, text.length)] !== '{') return undefined;
  try {
    const value = (JSON.parse(text.slice(start)) as { syntax?: unknown }).syntax;
    const span = { start, end: text.length };
    return typeof value === 'string' ? { name: 'syntax', value, full: value, span, valueSpan: span } : undefined;
  } catch {
    return undefined;
  }
}

function repeated({ name, span }: Directive): SyntaxProblem {
  const message = `The ${name} directive stands here a second time`;
  return { code: 'invalid-directive', span, message, help: 'Keep one of the two: BuildKit refuses a file with both' };
}

function badEscape({ full, valueSpan }: Directive): SyntaxProblem {
  const message = `The escape character cannot be ${JSON.stringify(full)}`;
  const span = { start: valueSpan.start, end: valueSpan.start + full.length };
  return { code: 'invalid-directive', span, message, help: 'Use \\ (the default) or `' };
}
