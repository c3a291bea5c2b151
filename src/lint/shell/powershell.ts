import type { Connector } from './command.ts';
import { programName } from './dialect.ts';
import { powershellSetting } from './windows-assignments.ts';
import {
  blank,
  lineEnd,
  programEnding,
  type Reading,
  type ReadWord,
  readTokens,
  redirectAt,
  type Spot,
  type Token,
  type WindowsSyntax,
} from './windows-tokens.ts';

/** Cmdlets by the aliases that Windows PowerShell has for them; two of these are other programs in cmd. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['curl', 'invoke-webrequest'],
  ['wget', 'invoke-webrequest'],
  ['iwr', 'invoke-webrequest'],
  ['irm', 'invoke-restmethod'],
  ['iex', 'invoke-expression'],
  ['chdir', 'cd'],
  ['sl', 'cd'],
  ['set-location', 'cd'],
]);

const powershellKeywords =
  /^(if|else|elseif|for|foreach|while|do|until|switch|function|filter|try|catch|finally|trap|param|begin|process|end|class|enum|using|return|throw|exit|break|continue|data|in)$/i;
export const powershellSyntax: WindowsSyntax = {
  tokens: powershellTokens,
  isKeyword,
  skipped: (words) => (words[0] === '&' || words[0] === '.' ? 1 : 0),
  nameOf: (program) => {
    const name = programName(program).toLowerCase();
    return (programEnding.test(program) ? undefined : aliases.get(name)) ?? name.replace(programEnding, '');
  },
  setting: powershellSetting,
};

/** Also without a blank before the condition: `if(…)`. */
function isKeyword(word: string): boolean {
  return powershellKeywords.test(word.slice(0, 20).replace(/\(.*/s, ''));
}

function powershellTokens(text: string, start: number, end: number): Iterable<Token> {
  const open = { blocks: 0 };
  return readTokens(
    text,
    start,
    end,
    (spot) =>
      blankAt(spot) ??
      separatorAt(spot) ??
      blockAt(spot, open) ??
      redirectAt(spot, /^([0-9*]?)(>>?)(&[0-9])?/, readPowershellWord) ??
      wordAt(spot),
  );
}

function blankAt({ text, at, end }: Spot): Reading | undefined {
  const char = text[at] as string;
  if (blank.test(char)) return { end: at + 1 };
  if (char === '`' && /\s/.test(text[at + 1] ?? '')) return { end: at + 2 };
  return char === '#' ? { end: lineEnd(text, at, end) } : undefined;
}

const newStatement = { isStart: true, isControl: false } as const;

function separatorAt({ text, at }: Spot): Reading | undefined {
  const char = text[at] as string;
  if (char === ';' || char === '\n')
    return { token: { kind: 'connector', connector: ';' }, end: at + 1, ...newStatement };
  const isPair = text[at + 1] === char;
  if (isPair && (char === '&' || char === '|')) {
    return { token: { kind: 'connector', connector: `${char}${char}` as Connector }, end: at + 2, ...newStatement };
  }
  return char === '|' ? { token: { kind: 'pipe' }, end: at + 1, isStart: true } : undefined;
}

/** The braces of `if (…) { … }`; others belong to words. */
function blockAt({ text, at, isControl }: Spot, open: { blocks: number }): Reading | undefined {
  if (text[at] === '{' && isControl) {
    open.blocks++;
    return { token: { kind: 'open' }, end: at + 1, ...newStatement };
  }
  if (text[at] !== '}') return undefined;
  if (open.blocks === 0) return { end: at + 1, ...newStatement };
  open.blocks--;
  return { token: { kind: 'close' }, end: at + 1, ...newStatement };
}

function wordAt({ text, at, end, isStart, isControl }: Spot): Reading {
  const char = text[at] as string;
  // `& 'a program'` and `. script.ps1`
  const isCall = isStart && (char === '&' || char === '.') && /[\s'"$(]/.test(text[at + 1] ?? '');
  const read = isCall ? { end: at + 1, text: char, variables: [] } : readPowershellWord(text, at, end);
  const isExpression = isStart && /[$[(@'"{\d+\-,]/.test(char);
  return {
    token: { kind: 'word', start: at, ...read, isExpression },
    end: read.end,
    isStart: false,
    isControl: isControl || (isStart && isKeyword(read.text)),
  };
}

/** A word up to a blank or an operator; brackets and quotes inside it are balanced. */
function readPowershellWord(text: string, start: number, end: number): ReadWord {
  const variables: ReadWord['variables'] = [];
  let read = '';
  let quoted = false;
  let at = start;
  while (at < end) {
    const char = text[at] as string;
    if (!quoted && (/[\s;|}>]/.test(char) || (char === '&' && text[at + 1] === '&'))) break;
    if (char === "'" && !quoted) {
      const close = singleQuoteEnd(text, at, end);
      read += text.slice(at + 1, close).replaceAll("''", "'");
      at = close + 1;
    } else if (char === '"') {
      quoted = !quoted;
      at++;
    } else if (char === '`' && at + 1 < end) {
      read += text[at + 1];
      at += 2;
    } else if (char === '$' && /[\w({:?^$]/.test(text[at + 1] ?? '')) {
      const [stop, name] = powershellVariable(text, at, end);
      read += name === undefined ? text.slice(at, stop) : `\${${name}}`;
      variables.push(name === undefined ? { quoted } : { name, quoted });
      at = stop;
    } else if (!quoted && /[({]/.test(char)) {
      const stop = balancedEnd(text, at, end);
      read += text.slice(at, stop);
      variables.push({ quoted });
      at = stop;
    } else {
      read += char;
      at++;
    }
  }
  return { end: Math.min(at, end), text: read, variables };
}

/** Where `$…` ends, and the name if it is a variable of the environment. */
function powershellVariable(text: string, at: number, end: number): [end: number, name?: string] {
  const open = text[at + 1];
  if (open === '(') return [balancedEnd(text, at + 1, end)];
  const found = /^\$(?:\{env:(\w+)\}|env:(\w+)|\{[^}]*\}?|[\w:?^$]+)/i.exec(text.slice(at, Math.min(at + 200, end)));
  const name = found?.[1] ?? found?.[2];
  const stop = at + (found?.[0].length ?? 1);
  return name === undefined ? [stop] : [stop, name];
}

/** Behind the bracket that closes the one at `at`; quotes inside are passed over. */
function balancedEnd(text: string, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const char = text[i] as string;
    if (char === '`') i++;
    else if (char === "'") i = singleQuoteEnd(text, i, end);
    else if (char === '"') i = doubleQuoteEnd(text, i, end);
    else if (char === '(' || char === '{') depth++;
    else if ((char === ')' || char === '}') && --depth === 0) return i + 1;
  }
  return end;
}

function singleQuoteEnd(text: string, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    if (text[i] !== "'") continue;
    if (text[i + 1] !== "'") return i;
    i++;
  }
  return end;
}

function doubleQuoteEnd(text: string, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    if (text[i] === '`') i++;
    else if (text[i] === '"') return i;
  }
  return end;
}
