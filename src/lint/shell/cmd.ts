import type { Connector } from './command.ts';
import { programName } from './dialect.ts';
import { cmdSetting } from './windows-assignments.ts';
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

const cmdKeywords = /^(if|for|else|goto|set|setlocal|:.*)$/i;

export const cmdSyntax: WindowsSyntax = {
  tokens: cmdTokens,
  isKeyword: (word) => cmdKeywords.test(word),
  skipped: ([first]) => (first?.toLowerCase() === 'call' ? 1 : 0),
  nameOf: (program) => {
    const name = programName(program.replace(/^@/, '')).toLowerCase().replace(programEnding, '');
    return name === 'chdir' ? 'cd' : name;
  },
  setting: cmdSetting,
};

interface Open {
  groups: number;
  /** In front of the `do` of a `for`. */
  isFor: boolean;
}

function cmdTokens(text: string, start: number, end: number): Iterable<Token> {
  const open: Open = { groups: 0, isFor: false };
  const readWord = (...[source, from, to]: Parameters<typeof readCmdWord>): ReadWord =>
    readCmdWord(source, from, to, open.groups > 0);
  return readTokens(
    text,
    start,
    end,
    (spot) =>
      blankAt(spot) ??
      separatorAt(spot) ??
      bracketAt(spot, open) ??
      redirectAt(spot, /^([0-9]?)(>>?|<)(&[0-9])?/, readWord) ??
      wordAt(spot, open, readWord),
  );
}

function blankAt({ text, at, isStart }: Spot): Reading | undefined {
  const char = text[at] as string;
  return blank.test(char) || (isStart && char === '@') ? { end: at + 1 } : undefined;
}

function separatorAt({ text, at }: Spot): Reading | undefined {
  const char = text[at] as string;
  if (char !== '&' && char !== '|' && char !== '\n') return undefined;
  const isPair = char !== '\n' && text[at + 1] === char;
  const connector = isPair ? (`${char}${char}` as Connector) : ';';
  const token: Token = char === '|' && !isPair ? { kind: 'pipe' } : { kind: 'connector', connector };
  return { token, end: at + (isPair ? 2 : 1), isStart: true, isControl: false };
}

/** Brackets around commands; elsewhere they are part of a word. */
function bracketAt({ text, at, isStart, isControl }: Spot, open: Open): Reading | undefined {
  if (text[at] === ')' && open.groups > 0) {
    open.groups--;
    return { token: { kind: 'close' }, end: at + 1, isStart: true };
  }
  if (text[at] !== '(' || (!isStart && !isControl)) return undefined;
  open.groups++;
  return { token: { kind: 'open' }, end: at + 1, isStart: true, isControl: false };
}

function wordAt({ text, at, end, isStart, isControl }: Spot, open: Open, readWord: typeof readCmdWord): Reading {
  const read = readWord(text, at, end);
  if (open.isFor && /^do$/i.test(read.text)) {
    open.isFor = false;
    return { token: { kind: 'connector', connector: ';' }, end: read.end, isStart: true, isControl: false };
  }
  if (isStart) open.isFor = /^for$/i.test(read.text);
  if (isStart && /^(rem|::.*)$/i.test(read.text)) return { end: lineEnd(text, at, end) };
  return {
    token: { kind: 'word', start: at, ...read },
    end: read.end,
    isStart: false,
    isControl: isControl || (isStart && /^(if|else)$/i.test(read.text)),
  };
}

/** A word up to a blank or an operator; in a group, a bracket ends it, too. */
function readCmdWord(text: string, start: number, end: number, isInGroup = false): ReadWord {
  const variables: ReadWord['variables'] = [];
  let read = '';
  let quoted = false;
  let at = start;
  while (at < end) {
    const char = text[at] as string;
    if (!quoted && /[\s&|<>]/.test(char)) break;
    if (!quoted && char === ')' && isInGroup) break;
    if (char === '"') {
      quoted = !quoted;
      at++;
    } else if (char === '^' && !quoted && at + 1 < end) {
      read += text[at + 1];
      at += 2;
    } else if (char === '%') {
      const [whole = '%', name] = /^%(\w+)%|^%[~\w]*/.exec(text.slice(at, Math.min(at + 200, end))) ?? [];
      read += name === undefined ? whole : `\${${name}}`;
      variables.push(name === undefined ? { quoted } : { name, quoted });
      at += whole.length;
    } else {
      read += char;
      at++;
    }
  }
  return { end: Math.min(at, end), text: read, variables };
}
