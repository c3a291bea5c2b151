import type { Connector } from './command.ts';
import { programName } from './dialect.ts';
import {
  blank,
  lineEnd,
  programEnding,
  type ReadWord,
  skipBlanks,
  type Token,
  type WindowsSyntax,
} from './windows-tokens.ts';

const cmdKeywords = /^(if|for|else|goto|set|setlocal|:.*)$/i;

export const cmdSyntax: WindowsSyntax = {
  tokens: cmdTokens,
  isKeyword: (word) => cmdKeywords.test(word),
  skipped: ([first]) => (/^(call|do)$/i.test(first ?? '') ? 1 : 0),
  nameOf: (program) => {
    const name = programName(program.replace(/^@/, '')).toLowerCase().replace(programEnding, '');
    return name === 'chdir' ? 'cd' : name;
  },
};

function* cmdTokens(text: string, start: number, end: number): Generator<Token> {
  let isStart = true;
  let isControl = false;
  for (let at = start; at < end; ) {
    const char = text[at] as string;
    if (blank.test(char) || (isStart && char === '@')) {
      at++;
      continue;
    }
    if (char === '&' || char === '|' || char === '\n') {
      const isPair = char !== '\n' && text[at + 1] === char;
      if (char === '|' && !isPair) yield { kind: 'pipe' };
      else yield { kind: 'connector', connector: isPair ? (`${char}${char}` as Connector) : ';' };
      at += isPair ? 2 : 1;
      isStart = true;
      isControl = false;
      continue;
    }
    if ((char === '(' && (isStart || isControl)) || char === ')') {
      yield { kind: char === '(' ? 'open' : 'close' };
      isStart = true;
      isControl = char === ')' && isControl;
      at++;
      continue;
    }
    const arrow = /^([0-9]?)(>>?|<)(&[0-9])?/.exec(text.slice(at, Math.min(at + 8, end)));
    if (arrow) {
      const [whole, fd = '', operator = '>', copy] = arrow;
      const from = skipBlanks(text, at + whole.length, end);
      const stop = copy ? at + whole.length : readCmdWord(text, from, end).end;
      yield { kind: 'redirect', start: at, end: stop, operator, ...(fd === '' ? {} : { fd: Number(fd) }) };
      at = Math.max(stop, at + whole.length);
      continue;
    }
    const word = readCmdWord(text, at, end);
    if (isStart && /^(rem|::.*)$/i.test(word.text)) {
      at = lineEnd(text, at, end);
      continue;
    }
    if (isStart && /^(if|else|do)$/i.test(word.text)) isControl = true;
    yield { kind: 'word', start: at, end: word.end, text: word.text, variables: word.variables };
    isStart = false;
    at = Math.max(word.end, at + 1);
  }
}

function readCmdWord(text: string, start: number, end: number): ReadWord {
  const variables: ReadWord['variables'] = [];
  let read = '';
  let quoted = false;
  let at = start;
  while (at < end) {
    const char = text[at] as string;
    if (!quoted && /[\s&|<>]/.test(char)) break;
    if (!quoted && char === ')' && at > start) break;
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
