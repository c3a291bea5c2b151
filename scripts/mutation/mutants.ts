import { parseSync } from 'oxc-parser';
import { alternatives, anchors } from './patterns.ts';

/** One small change of a rule's source that its examples should notice. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** `logic`: conditions, operators, statements. `data`: strings, members of lists, alternatives of patterns. */
  readonly kind: 'logic' | 'data';
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** All mutants of a rule's file: of `check`, `review` and what they use; not of its description nor of its messages. */
export function mutantsOf(source: string): readonly Mutant[] {
  const program = parseSync('rule.ts', source).program as unknown as Node;
  return new Mutator(source, program).run();
}

/** Fields of a rule that describe it, and fields of a problem that a person reads. */
const described = /^(id|aliases|category|severity|presets|presetOptions|summary|why|options|examples|deviations)$/;
const readable = /^(message|help|title|safe)$/;

const swapped: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
};

const relatives: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  find: 'findLast',
  findLast: 'find',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};

const removable: ReadonlySet<string> = new Set([
  'ContinueStatement',
  'BreakStatement',
  'ReturnStatement',
  'ExpressionStatement',
]);

class Mutator {
  readonly #source: string;
  readonly #program: Node;
  readonly #readable: ReadonlySet<Node>;
  readonly #mutants: Mutant[] = [];

  constructor(source: string, program: Node) {
    this.#source = source;
    this.#program = program;
    this.#readable = readableParts(program);
  }

  run(): readonly Mutant[] {
    this.#walk(this.#program);
    return this.#mutants;
  }

  #walk(node: Node, parent?: Node): void {
    if (/^(TSType|TSInterface|Import|Export(All|Named))/.test(node.type) || this.#readable.has(node)) return;
    if (!removable.has(node.type)) this.#mutate(node);
    else if (!isRedundant(node, parent)) this.#add(node, ';');
    for (const child of childrenOf(node)) this.#walk(child, node);
  }

  #mutate(node: Node): void {
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') {
      this.#add(node.test as Node, 'true');
      this.#add(node.test as Node, 'false');
    } else if (node.type === 'WhileStatement') this.#add(node.test as Node, 'false');
    else if (node.type === 'LogicalExpression') this.#mutateLogic(node);
    else if (node.type === 'BinaryExpression') this.#mutateOperator(node);
    else if (node.type === 'CallExpression') this.#mutateCall(node);
    else if (node.type === 'Literal') this.#mutateLiteral(node);
    else if (node.type === 'ObjectExpression') this.#dropFields(node.properties as readonly Node[]);
    else if (node.type === 'FunctionDeclaration') this.#add(node.body as Node, '{ return undefined; }');
    else if (node.type === 'UnaryExpression' && node.operator === '!') {
      this.#add(node, this.#text(node.argument as Node));
    }
  }

  #mutateLogic({ left, right, operator }: Node): void {
    const sides = [left as Node, right as Node] as const;
    const whole = { start: sides[0].start, end: sides[1].end };
    // A default that only satisfies the compiler: `text ?? ''`, `words[0] ?? command`.
    const isIdle = /^(''|0|\[\]|\{\}|undefined)$/.test(this.#text(sides[1]));
    const isOfIndex = /(\]|\.at\([^()]*\))\)?(\?\.\w+)*\)?$/.test(this.#text(sides[0]));
    if (operator === '??' && (isIdle || isOfIndex)) return;
    for (const side of operator === '??' ? [sides[0]] : sides) this.#add(whole, this.#text(side));
  }

  #mutateOperator(node: Node): void {
    const { left, right, operator } = node;
    const other = swapped[operator as string];
    if (other) this.#add(node, `${this.#text(left as Node)} ${other} ${this.#text(right as Node)}`);
  }

  #mutateCall({ callee, arguments: args, end }: Node): void {
    const { type, object, property } = callee as Node;
    if (type !== 'MemberExpression') return;
    const name = this.#text(property as Node);
    const other = relatives[name];
    if (other) this.#add(property as Node, other);
    const isDroppable = /^(toLowerCase|toUpperCase|trim|trimStart|trimEnd|reverse|toReversed)$/.test(name);
    if (name === 'filter' || isDroppable) this.#add({ start: (object as Node).end, end }, '');
    // A limit of work: benchmarks look after it.
    const isBound = (args as readonly Node[]).some((each) => /\bmax[A-Z]/.test(this.#text(each)));
    if (name === 'slice' && (args as readonly Node[]).length > 0 && !isBound)
      this.#add({ start: (object as Node).end, end }, '');
  }

  #mutateLiteral(node: Node): void {
    const { value, regex } = node;
    if (regex) {
      const { pattern } = regex as { pattern: string };
      const at = node.start + 1;
      for (const { start, end } of [...alternatives(pattern), ...anchors(pattern)]) {
        this.#add({ start: at + start, end: at + end }, '', 'data');
      }
    } else if (typeof value === 'boolean') this.#add(node, String(!value));
    else if (typeof value === 'string' && !isSentence(value) && value !== '') this.#add(node, "'\\0'", 'data');
  }

  /** Entries of tables of strings. Members of lists go as literals. */
  #dropFields(fields: readonly Node[]): void {
    for (const field of fields) {
      if (isString(field.value) && !isReadable(field)) this.#add(field.key as Node, "'\\0'", 'data');
    }
  }

  #add({ start, end }: { readonly start: number; readonly end: number }, text: string, kind: Mutant['kind'] = 'logic') {
    if (this.#source.slice(start, end) !== text) this.#mutants.push({ start, end, text, kind });
  }

  #text({ start, end }: Node): string {
    const text = this.#source.slice(start, end);
    return /^(['"`/]?)[\w.\]]*\1$/.test(text) ? text : `(${text})`;
  }
}

function isSentence(text: string): boolean {
  return text.trim().split(/\s+/).length >= 3;
}

/** Without it, the code does the same, or what it does when the condition in front of it is false. */
function isRedundant(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'IfStatement') return parent.consequent === node;
  const isLast = parent?.type === 'BlockStatement' && (parent.body as readonly Node[]).at(-1) === node;
  const argument = node.argument as Node | null | undefined;
  return isLast && node.type === 'ReturnStatement' && (!argument || argument.name === 'undefined');
}

function isString(value: unknown): boolean {
  return isNode(value) && value.type === 'Literal' && typeof value.value === 'string';
}

/** The nodes that only describe the rule or end up in its messages: the examples say nothing about them. */
function readableParts(program: Node): ReadonlySet<Node> {
  const parts = new Set<Node>();
  const definitions = new Map<string, Node>();
  walk(program, (node) => {
    if (node.type === 'Property' && isReadable(node)) parts.add(node.value as Node);
    if (node.type === 'ConditionalExpression' && [node.consequent, node.alternate].every(isForReaders)) parts.add(node);
    const { id, init } = node as unknown as { id?: Node; init?: Node };
    if (node.type === 'FunctionDeclaration' && id) definitions.set(id.name as string, node);
    if (node.type === 'VariableDeclarator' && id?.type === 'Identifier' && init)
      definitions.set(id.name as string, init);
  });
  // What is used by such a part alone is one.
  for (let size = -1; size !== parts.size; ) {
    size = parts.size;
    const used = usedNames(program, parts);
    for (const [name, node] of definitions) if (!used.has(name)) parts.add(node);
  }
  return parts;
}

function isReadable({ key }: Node): boolean {
  const name = String((key as Node).name ?? '');
  return described.test(name) || readable.test(name);
}

/** `{}`, or an object with nothing but fields that a person reads: `...(help ? { help } : {})`. */
function isForReaders(node: unknown): boolean {
  if (!isNode(node) || node.type !== 'ObjectExpression') return false;
  return (node.properties as readonly Node[]).every((each) => each.type === 'Property' && isReadable(each));
}

/** Names that code outside of `parts` uses. A name of a definition counts at its uses, not where it is defined. */
function usedNames(program: Node, parts: ReadonlySet<Node>): ReadonlySet<string> {
  const used = new Set<string>();
  const visit = (node: Node, parent?: Node): void => {
    if (parts.has(node)) return;
    if (node.type === 'Identifier' && !isDefinition(node, parent)) used.add(node.name as string);
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(program);
  return used;
}

function isDefinition(node: Node, parent: Node | undefined): boolean {
  if (!parent) return false;
  if (parent.type === 'MemberExpression') return parent.property === node && parent.computed !== true;
  if (parent.type === 'Property') return parent.key === node && parent.shorthand !== true;
  return parent.id === node;
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
