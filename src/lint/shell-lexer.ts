import { type LexedWord, WordList } from './lexed-words.ts';
import { replacePattern, trimPrefix, trimSuffix } from './shell-pattern.ts';
import type { Dockerfile } from './syntax.ts';

/** Variables by name: a `Map<string, string>`, or anything that can look one up. */
export interface Environment {
  get(name: string): string | undefined;
}

export interface ExpandOptions {
  /** The file's escape character; `\` when absent. */
  readonly escape?: Dockerfile['escape'];
}

export interface ExpandError {
  readonly kind: 'unterminated-quote' | 'bad-substitution' | 'required-variable';
  /** A clause without a full stop: `${ is never closed`. */
  readonly message: string;
}

export interface Expansion {
  /** Empty when there is an error. */
  readonly text: string;
  /** Names that were looked up and found, each once, in order of first use. */
  readonly matched: readonly string[];
  /** Names that were looked up in vain. Those in a default are among them, whether the default was used or not. */
  readonly unmatched: readonly string[];
  readonly error?: ExpandError;
}

export interface LexOptions extends ExpandOptions {
  /** Quotes and escapes stay in the result. */
  readonly keepQuotes?: boolean;
  readonly keepEscapes?: boolean;
  /** References to unknown variables stay as they are. */
  readonly keepUnset?: boolean;
  /** Blanks after `<<` belong to the word, so that `<< EOF` is one. */
  readonly heredocs?: boolean;
}

/** Expands the variables of a text, the way of BuildKit's `frontend/dockerfile/shell`. */
export function lexText(raw: string, env: Environment, options: LexOptions): Expansion {
  return isPlain(raw, options) ? { text: raw, matched: [], unmatched: [] } : lexed(new Lexer(raw, env, options));
}

/** The same, and splits it into words: BuildKit's search for heredocs goes through this, too. */
export function lexWords(
  raw: string,
  env: Environment,
  options: LexOptions,
): Expansion & { readonly words: readonly LexedWord[] } {
  const words = new WordList();
  const expansion = lexed(new Lexer(raw, env, options, words));
  return { ...expansion, words: expansion.error ? [] : words.finish(raw.length) };
}

function lexed(lexer: Lexer): Expansion {
  const names = () => ({ matched: [...lexer.matched], unmatched: [...lexer.unmatched] });
  try {
    const text = lexer.read();
    return { text, ...names() };
  } catch (error) {
    if (!(error instanceof LexFailure)) throw error;
    return { text: '', ...names(), error: { kind: error.kind, message: error.message } };
  }
}

/** Nothing to expand and nothing to remove, as in most words. */
function isPlain(raw: string, { escape: escapeChar = '\\' }: LexOptions): boolean {
  return !raw.includes('$') && !raw.includes('"') && !raw.includes("'") && !raw.includes(escapeChar);
}

/** Leaves the recursion of the lexer; never leaves this module. */
class LexFailure extends Error {
  readonly kind: ExpandError['kind'];
  constructor(kind: ExpandError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Defaults within defaults deeper than this are refused, so that no text can exhaust the stack. */
const maxDepth = 500;

/** One walk over a text. */
class Lexer {
  readonly matched = new Set<string>();
  readonly unmatched = new Set<string>();
  readonly #text: string;
  readonly #env: Environment;
  readonly #options: LexOptions;
  readonly #escape: string;
  readonly #words: WordList | undefined;
  #at = 0;
  #depth = 0;

  constructor(text: string, env: Environment, options: LexOptions, words?: WordList) {
    this.#text = text;
    this.#env = env;
    this.#options = options;
    this.#escape = options.escape ?? '\\';
    this.#words = words;
  }

  read(): string {
    return this.#readUntil('', this.#options.keepEscapes ?? false, this.#words);
  }

  /** Reads to the unquoted `stop` and past it, or to the end of the text. */
  #readUntil(stop: string, keepEscapes: boolean, words?: WordList): string {
    let result = '';
    while (this.#at < this.#text.length) {
      const start = this.#at;
      const char = this.#text[start] as string;
      if (char === stop) {
        this.#at++;
        return result;
      }
      const end = this.#endOfText(start, stop);
      const piece = end > start ? this.#text.slice(start, end) : this.#readPiece(char, keepEscapes);
      result += piece;
      if (end > start) {
        this.#at = end;
        words?.addText(piece, start);
      } else if (char === '$') words?.addSplit(piece, start);
      else words?.add(piece, start);
    }
    if (stop === '}') throw new LexFailure('bad-substitution', `${'${'} is never closed with }`);
    if (stop === '/')
      throw new LexFailure('bad-substitution', `${'${name/pattern'} lacks the / before the replacement`);
    return result;
  }

  /** Where the text that stands for itself ends. */
  #endOfText(start: number, stop: string): number {
    const mark = this.#options.heredocs ? '<' : '';
    let at = start;
    for (; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === '$' || char === "'" || char === '"' || char === this.#escape || char === stop || char === mark)
        break;
    }
    return at;
  }

  #readPiece(char: string, keepEscapes: boolean): string {
    if (char === '$') return this.#readVariable();
    if (char === "'") return this.#readSingleQuoted();
    if (char === '"') return this.#readDoubleQuoted(keepEscapes);
    return char === this.#escape ? this.#readEscaped(keepEscapes) : this.#readHeredocMark();
  }

  #readEscaped(keepEscapes: boolean): string {
    const escaped = this.#text.slice(this.#at + 1, this.#at + 2);
    this.#at += 2;
    return keepEscapes ? this.#escape + escaped : escaped;
  }

  #readHeredocMark(): string {
    const mark = /<(?:<[ \t]*)?/y;
    mark.lastIndex = this.#at;
    const [found = '<'] = mark.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #readSingleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end === -1) throw new LexFailure('unterminated-quote', "the quote ' is never closed");
    const start = this.#at;
    this.#at = end + 1;
    return this.#options.keepQuotes ? this.#text.slice(start, end + 1) : this.#text.slice(start + 1, end);
  }

  #readDoubleQuoted(keepEscapes: boolean): string {
    const quote = this.#options.keepQuotes ? '"' : '';
    let result = quote;
    this.#at++;
    for (let from = this.#at; this.#at < this.#text.length; ) {
      const char = this.#text[this.#at] as string;
      if (char !== '"' && char !== '$' && char !== this.#escape) {
        this.#at++;
        continue;
      }
      result += this.#text.slice(from, this.#at);
      if (char === '"') {
        this.#at++;
        return result + quote;
      }
      result += char === '$' ? this.#readVariable() : this.#readEscapeInQuotes(keepEscapes);
      from = this.#at;
    }
    throw new LexFailure('unterminated-quote', 'the quote " is never closed');
  }

  /** Within double quotes only `"`, `$` and the escape character itself can be escaped. */
  #readEscapeInQuotes(keepEscapes: boolean): string {
    const next = this.#text[this.#at + 1];
    const escapes = next === '"' || next === '$' || next === this.#escape;
    this.#at += escapes ? 2 : 1;
    const kept = keepEscapes ? this.#escape : '';
    return kept + (escapes ? next : this.#escape);
  }

  #readVariable(): string {
    this.#at++;
    if (this.#text[this.#at] === '{') return this.#readBraces();
    const name = this.#readName();
    if (name === '') return '$';
    return this.#look(name) ?? (this.#options.keepUnset ? `$${name}` : '');
  }

  #readBraces(): string {
    this.#at++;
    const first = this.#text[this.#at];
    if (first === undefined) throw new LexFailure('bad-substitution', `${'${'} is never closed with }`);
    if (first === '{' || first === '}' || first === ':')
      throw new LexFailure('bad-substitution', `${'${'} lacks a name`);
    const name = this.#readName();
    let operator = this.#text[this.#at] ?? '';
    this.#at++;
    if (operator === '}') return this.#look(name) ?? (this.#options.keepUnset ? `\${${name}}` : '');
    if (this.#depth >= maxDepth) throw new LexFailure('bad-substitution', 'substitutions are nested too deeply');
    this.#depth++;
    if (operator === ':') operator += this.#text[this.#at++] ?? '';
    const value = operator === '/' ? this.#replace(name) : this.#modify(name, operator);
    this.#depth--;
    return value;
  }

  /** `${name-word}` and its like. */
  #modify(name: string, operator: string): string {
    if (!/^(?::?[-+?]|[#%])$/.test(operator)) throw new LexFailure('bad-substitution', unsupported(operator));
    const trims = operator === '#' || operator === '%';
    const word = this.#readUntil('}', trims);
    const value = this.#look(name);
    if (value === undefined && this.#options.keepUnset) return `\${${name}${operator}${word}}`;
    if (trims) return patterned(() => (operator === '#' ? trimPrefix : trimSuffix)(value ?? '', word, operator));
    const set = value !== undefined && (operator.length === 1 || value !== '');
    if (operator.endsWith('-')) return set ? value : word;
    if (operator.endsWith('+')) return set ? word : '';
    if (set) return value;
    const state = value === undefined ? 'is not set' : 'is empty';
    throw new LexFailure('required-variable', `${name} ${state}${word === '' ? '' : `: ${word}`}`);
  }

  /** `${name/pattern/replacement}`, and with `//` for all of them. */
  #replace(name: string): string {
    const all = this.#text[this.#at] === '/';
    if (all) this.#at++;
    const pattern = this.#readUntil('/', true);
    const replacement = this.#readUntil('}', true);
    const value = this.#look(name);
    if (value === undefined && this.#options.keepUnset) return `\${${name}/${all ? '/' : ''}${pattern}/${replacement}}`;
    return patterned(() => replacePattern(value ?? '', pattern, replacement, all));
  }

  /** A name, a number, or one of the shell's special parameters; empty when none of them stands here. */
  #readName(): string {
    const found = readAt(/\d+|[@*#?\-$!]|[A-Za-z_]\w*|/y, this.#text, this.#at);
    const next = this.#text.charCodeAt(this.#at + found.length);
    if (next > 0x7f) return this.#readUnicodeName();
    this.#at += found.length;
    return found;
  }

  /** Letters and digits of any script, as Go has them. Compiling this takes longer than reading most files. */
  #readUnicodeName(): string {
    const found = readAt(/\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy, this.#text, this.#at);
    this.#at += found.length;
    return found;
  }

  #look(name: string): string | undefined {
    const value = this.#env.get(name);
    (value === undefined ? this.unmatched : this.matched).add(name);
    return value;
  }
}

function readAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}

function unsupported(operator: string): string {
  if (operator === '') return `${'${'} is never closed with }`;
  return `${'${name'}${operator}…} is no substitution that a Dockerfile knows`;
}

function patterned(match: () => string | undefined): string {
  const result = match();
  if (result === undefined) throw new LexFailure('bad-substitution', 'the pattern escapes a character that needs none');
  return result;
}
