import {
  type AndOr,
  type CommandNode,
  type CompoundCommand,
  type CompoundList,
  type PipelineNode,
  parse,
  type Script,
  type Statement,
} from 'unbash';
import { foldedSpan } from '../fold.ts';
import type { Folded } from '../syntax.ts';
import type {
  Assignment,
  Command,
  Connector,
  HandedScript,
  Nesting,
  Pipeline,
  Redirect,
  ShellProblem,
  ShellWord,
} from './command.ts';
import { applySet, type ShellOptions } from './dialect.ts';
import { behindWrappers, innerScripts, type Line } from './line.ts';
import { unescapeBackquoted } from './quotes.ts';
import {
  assignment,
  assignmentWord,
  expansionsOf,
  redirect,
  type Substitution,
  scriptsIn,
  shellWord,
} from './words.ts';

/** `sh -c "sh -c …"` deeper than this, and more commands than this in one step, are not looked at. */
const maxDepth = 8;
const maxCommands = 20_000;

/** Where the reader stands. `options` changes as `set` is met; a subshell gets its own copy. */
interface Place {
  readonly text: Folded;
  readonly nesting: readonly Nesting[];
  readonly depth: number;
  readonly options: ShellOptions;
  /** Substitutions have been carried out, and read, outside of it. */
  readonly isFilled?: boolean;
}

interface Position {
  readonly before: Connector;
  readonly chain: number;
  readonly pipeline: Pipeline;
}

/** Gathers the simple commands of the scripts of one step, in the order in which they are written. */
export class CommandReader {
  readonly commands: Command[] = [];
  readonly problems: ShellProblem[] = [];
  /** Scripts that other shells get as they are written; not those inside of such. */
  readonly scripts: HandedScript[] = [];
  #chains = 0;
  #pipelines = 0;

  /** Reads a script and everything inside it. Never throws: of a broken one it keeps what can be read. */
  read(text: Folded, { errexit, pipefail }: ShellOptions): Script {
    return this.#script(text, { text, nesting: [], depth: 0, options: { errexit, pipefail } });
  }

  /** Adds a command that no shell reads (exec form). */
  addLine(line: Line): void {
    const options: ShellOptions = { errexit: false, pipefail: false };
    this.#line(line, this.#alone(), { text: { text: '', segments: [] }, nesting: [], depth: 0, options });
  }

  #script(text: Folded, place: Place): Script {
    const script = parse(text.text);
    for (const { message, pos } of script.errors ?? []) {
      this.problems.push({ span: foldedSpan(text, pos, Math.min(pos + 1, text.text.length)), message });
    }
    this.#list(script.commands, place);
    return script;
  }

  #list(statements: readonly Statement[], place: Place): void {
    let before: Connector = 'start';
    for (const { command, background } of statements) {
      if (this.commands.length > maxCommands) return;
      this.#chain(command, before, place);
      before = background ? '&' : ';';
    }
  }

  #chain(node: PipelineNode | AndOr, before: Connector, place: Place): void {
    const chain = ++this.#chains;
    if (node.type !== 'AndOr') this.#pipeline(node, before, chain, place);
    else
      node.commands.forEach((part, i) => {
        this.#pipeline(part, i === 0 ? before : (node.operators[i - 1] ?? before), chain, place);
      });
  }

  #pipeline(node: PipelineNode, before: Connector, chain: number, place: Place): void {
    const id = ++this.#pipelines;
    if (node.type !== 'Pipeline') {
      this.#node(node, { before, chain, pipeline: { id, position: 0, length: 1, negated: false } }, place);
      return;
    }
    const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
    const length = node.commands.length;
    node.commands.forEach((part, position) => {
      const inner = length > 1 ? { ...place, options: { ...place.options } } : place;
      this.#node(part, { before: position ? '|' : before, chain, pipeline: { id, position, length, negated } }, inner);
    });
  }

  #node(node: CommandNode, position: Position, place: Place): void {
    switch (node.type) {
      case 'Command':
        this.#simple(node, position, place);
        return;
      case 'Function':
      case 'Coproc':
        this.#body(node.body, 'function', position, { ...place, options: { ...place.options } });
        return;
      case 'Redirected':
        this.#compound(node.command, position, place);
        for (const each of node.redirects) redirect(each, place.text, this.#substitution(place));
        return;
      default:
        this.#compound(node, position, place);
    }
  }

  #body(node: CommandNode | CompoundList, kind: Nesting, position: Position, place: Place): void {
    const inside = nest(place, kind);
    if (node.type === 'CompoundList') this.#list(node.commands, inside);
    else if (node.type === 'BraceGroup') this.#list(node.body.commands, inside);
    else this.#node(node, { ...position, before: 'start' }, inside);
  }

  #compound(node: CompoundCommand, _position: Position, place: Place): void {
    const list = (part: CompoundList, kind: Nesting, from = place): void => this.#list(part.commands, nest(from, kind));
    switch (node.type) {
      case 'Subshell':
        list(node.body, 'subshell', { ...place, options: { ...place.options } });
        return;
      case 'BraceGroup':
        list(node.body, 'group');
        return;
      case 'If':
        for (const { clause, then } of [node, ...node.elif]) {
          list(clause, 'condition');
          list(then, 'branch');
        }
        if (node.else) list(node.else, 'branch');
        return;
      case 'While':
        list(node.clause, 'condition');
        list(node.body, 'loop');
        return;
      case 'For':
      case 'Select':
        for (const word of node.wordlist ?? []) expansionsOf(word, place.text, this.#substitution(place));
        list(node.body, 'loop');
        return;
      case 'ArithmeticFor':
        list(node.body, 'loop');
        return;
      case 'Case':
        expansionsOf(node.word, place.text, this.#substitution(place));
        for (const { body } of node.items) list(body, 'branch');
        return;
      default:
        scriptsIn(node, place.text, this.#substitution(place));
    }
  }

  #simple(node: SimpleNode, position: Position, place: Place): void {
    const inside: Substitution[] = [];
    const found = (substitution: Substitution): void => void inside.push(substitution);
    const { text } = place;
    const words: ShellWord[] = node.name ? [shellWord(node.name, text, found)] : [];
    const ranges: [number, number][] = node.name ? [[node.name.pos, node.name.end]] : [];
    for (const child of node.suffix) {
      if (child.type !== 'Word' && child.type !== 'Assignment') continue;
      words.push(child.type === 'Word' ? shellWord(child, text, found) : assignmentWord(child, text, found));
      ranges.push([child.pos, child.end]);
    }
    const assignments = node.prefix.length === 0 ? noAssignments : this.#assignments(node, text, found);
    const redirects =
      node.redirects.length === 0 ? noRedirects : node.redirects.map((each) => redirect(each, text, found));
    const span = foldedSpan(text, node.pos, node.end);
    this.#line({ span, words, assignments, redirects, exec: false, source: { text, ranges } }, position, place);
    for (const substitution of inside) this.#substitution(place)(substitution);
  }

  #assignments(node: SimpleNode, text: Folded, found: (found: Substitution) => void): readonly Assignment[] {
    return node.prefix.flatMap((child) => (child.type === 'Assignment' ? [assignment(child, text, found)] : []));
  }

  #line(line: Line, position: Position, place: Place): void {
    const { before, chain, pipeline } = position;
    const { errexit, pipefail } = place.options;
    const { nesting } = place;
    const { name, words, wrappers, assignments } = behindWrappers(line);
    const { span, redirects, exec } = line;
    // Written out: commands are read by every rule, and what a spread makes is slow to make and to read.
    const command: Command = {
      span,
      name,
      words,
      wrappers,
      assignments,
      redirects,
      before,
      chain,
      pipeline,
      nesting,
      errexit,
      pipefail,
      exec,
    };
    this.commands.push(command);
    if (command.name === 'set')
      applySet(
        command.words.slice(1).map((word) => word.text),
        place.options,
      );
    if (place.depth >= maxDepth) return;
    for (const inner of innerScripts(line, command, place.options)) {
      const inside: Place = { ...nest(place, inner.nesting), depth: place.depth + 1, options: { ...inner.options } };
      if (inner.kind === 'script' && inner.handed && place.depth === 0) this.scripts.push(inner.handed);
      if (inner.kind === 'line') this.#line(inner.line, this.#alone(), inside);
      else this.#script(inner.text, { ...inside, text: inner.text, isFilled: inner.isFilled });
    }
  }

  #alone(): Position {
    const pipeline: Pipeline = { id: ++this.#pipelines, position: 0, length: 1, negated: false };
    return { before: 'start', chain: ++this.#chains, pipeline };
  }

  #substitution(place: Place): (substitution: Substitution) => void {
    return ({ script, start, end }) => {
      if (place.isFilled || this.commands.length > maxCommands || place.nesting.length > 100) return;
      const text = script.source === undefined ? place.text : backquoted(script, place.text, start, end);
      this.#list(script.commands, { ...nest(place, 'substitution'), text, options: { ...place.options } });
    };
  }
}

type SimpleNode = Extract<CommandNode, { type: 'Command' }>;

const noAssignments: readonly Assignment[] = [];
const noRedirects: readonly Redirect[] = [];

function nest(place: Place, kind: Nesting): Place {
  return { ...place, nesting: [...place.nesting, kind] };
}

/** Inside backquotes with escapes, positions count in the decoded text. */
function backquoted(script: Script, text: Folded, start: number, end: number): Folded {
  const decoded = unescapeBackquoted(text, start + 1, end - 1);
  return decoded.text === script.source
    ? decoded
    : { text: script.source ?? '', segments: decoded.segments.slice(0, 1) };
}
