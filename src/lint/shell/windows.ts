import { foldedSpan } from '../fold.ts';
import type { Folded } from '../syntax.ts';
import { cmdSyntax } from './cmd.ts';
import type { Assignment, Command, Connector, Expansion, Nesting, Redirect, ShellWord } from './command.ts';
import { programName } from './dialect.ts';
import { powershellSyntax } from './powershell.ts';
import type { Token, WindowsSyntax } from './windows-tokens.ts';

/** More commands in one step, and scripts of scripts deeper than this, are not looked at. */
const maxCommands = 20_000;
const maxDepth = 3;

/**
 * The plain command lines of a PowerShell or cmd script: a program with its words, connected by `;`, `&&`, `||`, `&` and
 * `|`. Expressions, .NET calls and definitions are passed over, and so is all of a statement that begins with one; what
 * one sets a variable to stands in a command without a name, as for other shells.
 * References: about_Parsing and about_Pipeline_Chain_Operators of PowerShell, `cmd /?`.
 */
export function readWindowsCommands(script: Folded, dialect: 'powershell' | 'cmd'): readonly Command[] {
  const reader = new WindowsReader();
  reader.read(script, 0, script.text.length, dialect, [], 0);
  return reader.commands;
}

interface Statement {
  readonly words: ShellWord[];
  readonly ranges: [start: number, end: number][];
  readonly redirects: Redirect[];
  isPlain: boolean;
}

class WindowsReader {
  readonly commands: Command[] = [];
  #chain = 0;
  #pipeline = 0;

  read(
    script: Folded,
    start: number,
    end: number,
    dialect: 'powershell' | 'cmd',
    nesting: readonly Nesting[],
    depth: number,
  ): void {
    const syntax = dialect === 'cmd' ? cmdSyntax : powershellSyntax;
    let connector: Connector = 'start';
    let pipe: Statement[] = [];
    let statement = emptyStatement();
    const inside: Nesting[] = [...nesting];
    const endPipe = (): void => {
      pipe.push(statement);
      this.#add(pipe, connector, { script, syntax, nesting: [...inside], depth, dialect });
      pipe = [];
      statement = emptyStatement();
    };
    for (const token of syntax.tokens(script.text, start, end)) {
      if (this.commands.length > maxCommands) return;
      switch (token.kind) {
        case 'word':
          addWord(statement, token, script, syntax);
          break;
        case 'redirect':
          statement.redirects.push(redirect(token, script));
          break;
        case 'pipe':
          pipe.push(statement);
          statement = emptyStatement();
          break;
        case 'open':
          endPipe();
          connector = 'start';
          if (inside.length < 100) inside.push('branch');
          break;
        case 'close':
          endPipe();
          connector = 'start';
          if (inside.length > nesting.length) inside.pop();
          break;
        case 'connector':
          endPipe();
          connector = token.connector;
      }
    }
    endPipe();
  }

  #add(pipe: readonly Statement[], before: Connector, place: Omit<Place, 'before' | 'pipeline'>): void {
    if (pipe.every(({ words }) => words.length === 0)) return;
    if (before !== '&&' && before !== '||') this.#chain++;
    const id = ++this.#pipeline;
    for (const [position, statement] of pipe.entries()) {
      const pipeline = { id, position, length: pipe.length, negated: false };
      this.#command(statement, { ...place, before: position > 0 ? '|' : before, pipeline });
    }
  }

  #command({ words, ranges, redirects, isPlain }: Statement, place: Place): void {
    const { script, syntax, before, pipeline, nesting } = place;
    const skipped = isPlain ? syntax.skipped(words.map(({ text }) => text)) : undefined;
    const own = skipped === undefined ? [] : words.slice(skipped);
    const [program] = own;
    const [start] = ranges[skipped ?? 0] ?? [];
    const end = ranges.at(-1)?.[1];
    const assignments = isPlain ? [] : assignmentsOf(ranges, script, syntax);
    if (assignments.length === 0 && (!program || program.expansions.length > 0)) return;
    if (start === undefined || end === undefined) return;
    const name = program ? syntax.nameOf(program.text) : '';
    this.commands.push({
      span: foldedSpan(script, start, end),
      name,
      words: own,
      wrappers: [],
      assignments,
      redirects,
      before,
      chain: this.#chain,
      pipeline,
      nesting,
      errexit: false,
      pipefail: false,
      exec: false,
    });
    const inner = isShellName(name) ? innerStart(own.map(({ text }) => text)) : undefined;
    const range = inner === undefined ? undefined : ranges[(skipped ?? 0) + inner];
    if (inner === undefined || !range || place.depth >= maxDepth) return;
    const isQuoted = script.text[range[0]] === '"' && range[1] === end && script.text[end - 1] === '"';
    const dialect = name === 'cmd' ? 'cmd' : 'powershell';
    const [from, to] = isQuoted ? [range[0] + 1, end - 1] : [range[0], end];
    this.read(script, from, to, dialect, [...nesting, 'script'], place.depth + 1);
  }
}

function assignmentsOf(ranges: Statement['ranges'], script: Folded, syntax: WindowsSyntax): Assignment[] {
  const [start] = ranges[0] ?? [];
  const end = ranges.at(-1)?.[1];
  if (start === undefined || end === undefined) return [];
  const statement = script.text.slice(start, end);
  const set = syntax.setting(statement);
  if (!set) return [];
  const span = foldedSpan(script, start + set.start, start + set.end);
  const value: ShellWord = { span, raw: statement.slice(set.start, set.end), text: set.value, expansions: [] };
  return [{ span: foldedSpan(script, start, start + set.end), name: set.name, value }];
}

interface Place {
  readonly script: Folded;
  readonly syntax: WindowsSyntax;
  readonly nesting: readonly Nesting[];
  readonly depth: number;
  readonly dialect: 'powershell' | 'cmd';
  readonly before: Connector;
  readonly pipeline: Command['pipeline'];
}

function emptyStatement(): Statement {
  return { words: [], ranges: [], redirects: [], isPlain: true };
}

function addWord(statement: Statement, token: Extract<Token, { kind: 'word' }>, script: Folded, syntax: WindowsSyntax) {
  const { start, end, text } = token;
  const span = foldedSpan(script, start, end);
  const expansions = token.variables.map(({ name, quoted }): Expansion => {
    return name === undefined ? { span, kind: 'command', quoted } : { span, kind: 'variable', name, quoted };
  });
  if (statement.words.length === 0 && (token.isExpression || syntax.isKeyword(text))) statement.isPlain = false;
  statement.words.push({ span, raw: script.text.slice(start, end), text, expansions });
  statement.ranges.push([start, end]);
}

function redirect({ start, end, operator, fd }: Extract<Token, { kind: 'redirect' }>, script: Folded): Redirect {
  return { span: foldedSpan(script, start, end), operator, ...(fd === undefined ? {} : { fd }) };
}

function isShellName(name: string): boolean {
  return name === 'powershell' || name === 'pwsh' || name === 'cmd';
}

/** Index of the first word of what `powershell -NoProfile -Command …` and `cmd /S /C …` run. */
function innerStart(words: readonly string[]): number | undefined {
  const isCmd = programName(words[0] ?? '') === 'cmd';
  for (let i = 1; i < words.length; i++) {
    const word = (words[i] ?? '').toLowerCase();
    if (isCmd ? /^\/[ck]$/.test(word) : /^[-/]c(o(m(m(a(nd?)?)?)?)?)?$/.test(word)) return i + 1;
    if (/^[-/](f(ile)?|e(nc|c|ncodedcommand)?)$/.test(word)) return undefined;
    if (/^[-/](ep|ex\w*|version|inputformat|outputformat|w\w*)$/.test(word)) i++;
    else if (!/^[-/]/.test(word)) return isCmd ? undefined : i;
  }
  return undefined;
}
