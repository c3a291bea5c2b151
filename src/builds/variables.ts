import { readFileSync, statSync } from 'node:fs';

/** Values by name; undefined for one that is not set. */
export type Variables = (name: string) => string | undefined;

export interface Expansion {
  /** Absent when it hangs on a variable that is not set and has no default. */
  readonly text?: string;
  /** The first such variable. */
  readonly missing?: string;
}

/** So deep may defaults lie inside of defaults. */
const maxDepth = 20;

/**
 * `$NAME`, `${NAME}`, `:-`, `-`, `:+`, `+`, `:?`, `?`, and `$$` for a dollar (Compose specification, "Interpolation").
 * A variable that is not set would be empty there; here it is not known, since it may be set where the build runs.
 */
export function expandVariables(raw: string, variables: Variables): Expansion {
  if (!raw.includes('$')) return { text: raw };
  const reader = new Reader(raw, variables);
  const text = reader.read(0, false);
  return reader.missing === undefined ? { text } : { missing: reader.missing };
}

class Reader {
  missing: string | undefined;
  readonly #raw: string;
  readonly #variables: Variables;
  #at = 0;

  constructor(raw: string, variables: Variables) {
    this.#raw = raw;
    this.#variables = variables;
  }

  /** Up to the end, or to the brace that closes a default. */
  read(depth: number, isInside: boolean): string {
    let text = '';
    while (this.#at < this.#raw.length) {
      const char = this.#raw[this.#at] as string;
      if (char === '}' && isInside) break;
      if (char !== '$') {
        text += char;
        this.#at++;
      } else text += this.#variable(depth);
    }
    return text;
  }

  #variable(depth: number): string {
    const rest = /^\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(:?[-+?])?)/;
    const match = rest.exec(this.#raw.slice(this.#at, this.#at + 300));
    if (!match) {
      this.#at++;
      return '$';
    }
    const [all, plain, braced, operator] = match;
    this.#at += all.length;
    if (plain === undefined && braced === undefined) return '$';
    const name = plain ?? (braced as string);
    const value = this.#variables(name);
    if (plain !== undefined) return this.#known(name, value);
    if (operator === undefined) {
      this.#close();
      return this.#known(name, value);
    }
    return this.#choose(name, value, operator, depth);
  }

  #choose(name: string, value: string | undefined, operator: string, depth: number): string {
    const before = this.missing;
    const word = depth < maxDepth ? this.read(depth + 1, true) : '';
    this.#close();
    const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
    const isWord = operator.endsWith('+') ? isSet : !isSet;
    // What the word needs matters only where the word counts.
    if (!isWord || operator.endsWith('?')) this.missing = before;
    if (operator.endsWith('?')) return this.#known(name, isSet ? value : undefined);
    if (isWord) return word;
    return operator.endsWith('+') ? '' : (value ?? '');
  }

  #close(): void {
    if (this.#raw[this.#at] === '}') this.#at++;
  }

  #known(name: string, value: string | undefined): string {
    if (value === undefined) this.missing ??= name;
    return value ?? '';
  }
}

/** A longer `.env` is none. */
const maxBytes = 1024 * 1024;

/** The environment, and what it does not set from the `.env` files, the first of which goes first. */
export function variablesFor(environment: NodeJS.ProcessEnv, files: readonly string[]): Variables {
  let read: ReadonlyMap<string, string> | undefined;
  return (name) => {
    const own = environment[name];
    if (own !== undefined) return own;
    read ??= new Map(files.toReversed().flatMap((file) => [...readEnvFile(file)]));
    return read.get(name);
  };
}

function readEnvFile(path: string): ReadonlyMap<string, string> {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > maxBytes) return new Map();
    return parseEnv(readFileSync(path, 'utf8'));
  } catch {
    return new Map();
  }
}

/** `NAME=value` lines; quotes around a value, `export` and comments are left out. */
export function parseEnv(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const [, name = '', value = ''] = match;
    const quotedText = /^(['"])(.*?)\1/.exec(value)?.[2];
    values.set(name, quotedText ?? value.replace(/\s+#.*$/, '').replace(/^#.*$/, ''));
  }
  return values;
}
