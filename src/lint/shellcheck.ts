import type { Edit, Fix, Severity, Span } from '../report/finding.ts';
import { lineStarts } from '../report/position.ts';
import type { ExternalFinding } from './external.ts';
import { foldedOffset, foldedSpan } from './fold.ts';
import type { ShellScript } from './shell-scripts.ts';
import type { Folded } from './syntax.ts';

/** A comment of `shellcheck --format=json1`. Lines and columns count from 1, columns in code points, a tab as one. */
export interface Remark {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly level: Severity;
  readonly code: number;
  readonly message: string;
  readonly fix: { readonly replacements: readonly Replacement[] } | null;
}

export interface Replacement {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** `afterEnd` belongs to what follows, `beforeStart` to what stands before. */
  readonly insertionPoint: string;
  readonly replacement: string;
}

/**
 * Codes that say nothing about a RUN: files that cannot be followed because they are in the image (1090, 1091), and
 * remarks on the `#!` line, which is ours or stands where a heredoc wants it (1071, 2148, 2187).
 */
export const pointlessCodes: readonly number[] = [1071, 1090, 1091, 2148, 2187];

/** "Appears unused": what is exported is used by the programs that run. */
const unused = 2034;

/** Variables without an assignment; the build or the container may have them. */
const unassigned: ReadonlySet<number> = new Set([2153, 2154]);

/**
 * What POSIX leaves out and the ash of BusyBox has, as Alpine builds it (ASH_BASH_COMPAT): $'…', [[ … ]], < and -nt in
 * tests, ==, &>, flags of echo, set -o pipefail, local, source, ${x:1:2} and ${x/a/b}.
 */
const knownToAsh: ReadonlySet<number> = new Set([
  3003, 3010, 3012, 3013, 3014, 3020, 3037, 3040, 3043, 3046, 3057, 3060,
]);

/** "Double quote to prevent globbing and word splitting", which a word without blanks and stars does not need. */
const unquoted = 2086;

/** `…` written as $(…) is the same but for backslashes, which backquotes take one of: POSIX.1-2024, 2.6.3. */
const backquotes = 2006;

/** What ShellCheck says about a script, as findings in the Dockerfile. */
export function* shellCheckFindings(script: ShellScript, remarks: readonly Remark[]): Generator<ExternalFinding> {
  const place = new Place(script);
  for (const remark of remarks) {
    const { code, level, message } = remark;
    const start = place.index(remark.line, remark.column);
    const end = place.index(remark.endLine, remark.endColumn);
    if (start === undefined || end === undefined || pointlessCodes.includes(code)) continue;
    if (script.isAsh && knownToAsh.has(code)) continue;
    if (code === unused && script.isExported(nameAt(script.script.text, start))) continue;
    if (unassigned.has(code) && script.isSet(nameAt(script.script.text, start))) continue;
    if (code === unquoted && script.isPlain(nameAt(script.script.text, start))) continue;
    const isSafe = code === backquotes && !script.script.text.slice(start, end).includes('\\');
    const fix = repair(remark, place, isSafe);
    yield {
      code: `SC${code}`,
      category: level === 'style' ? 'style' : 'correctness',
      severity: level,
      message: message.replace(/\.$/, ''),
      help: wikiPage(code),
      at: place.span(start, Math.max(start, end)),
      ...(fix ? { fix } : {}),
    };
  }
}

/** Where ShellCheck explains a code. */
function wikiPage(code: number | string): string {
  return `https://www.shellcheck.net/wiki/SC${code}`;
}

/** The variable of an expansion or assignment: `NAME`, `$NAME`, `${#NAME`. */
function nameAt(text: string, index: number): string {
  return /[${}!#"]{0,4}([A-Za-z_]\w*)/y.exec(text.slice(index, index + 200))?.[1] ?? '';
}

/** Undefined when a part of it stands on several lines of the Dockerfile: replacing it would join them. */
function repair({ code, fix }: Remark, place: Place, safe: boolean): Fix | undefined {
  const edits = new Map<number, Edit>();
  for (const { line, column, endLine, endColumn, insertionPoint, replacement } of fix?.replacements ?? []) {
    const start = place.index(line, column);
    const end = place.index(endLine, endColumn);
    if (start === undefined || end === undefined || end < start || replacement.includes('\n')) return undefined;
    const span = start === end ? place.point(start, insertionPoint) : place.span(start, end);
    const text = place.quote(replacement);
    if (text === undefined || !place.isOnePiece(span, end - start) || edits.has(span.start)) return undefined;
    edits.set(span.start, { span, text });
  }
  if (edits.size === 0) return undefined;
  const title = `Write what ShellCheck proposes for SC${code}`;
  return { title, safe, edits: [...edits.values()] };
}

/** Lines and columns of a script's text as indices into the script, and those as spans of the Dockerfile. */
class Place {
  readonly #text: string;
  readonly #head: number;
  readonly #starts: readonly number[];
  readonly #script: Folded;
  readonly #isAstral: boolean;
  readonly #quoting: ShellScript['quoting'];
  readonly #source: string;

  constructor({ text, head, script, quoting, source }: ShellScript) {
    this.#quoting = quoting;
    this.#source = source.text;
    this.#text = text;
    this.#head = head;
    this.#script = script;
    this.#starts = lineStarts(text);
    this.#isAstral = /[\ud800-\udbff]/.test(text);
  }

  /** Undefined outside the script. A place behind its end, where ShellCheck misses something, is its end. */
  index(line: number, column: number): number | undefined {
    const start = this.#starts[line - 1] ?? this.#text.length;
    const index = this.#isAstral ? this.#units(start, column - 1) : start + column - 1;
    return index < this.#head ? undefined : Math.min(index, this.#text.length) - this.#head;
  }

  #units(start: number, codePoints: number): number {
    let at = start;
    for (let left = codePoints; left > 0 && at < this.#text.length; left--) {
      at += (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    }
    return at;
  }

  span(start: number, end: number): Span {
    const span = foldedSpan(this.#script, start, end);
    return { start: this.#escapeStart(start, span.start), end: span.end };
  }

  /** Where to insert: behind the unit before, which may stand lines above, or in front of the one after. */
  point(index: number, insertionPoint: string): Span {
    const isBehind = insertionPoint === 'beforeStart' && index > 0;
    const at = isBehind
      ? foldedOffset(this.#script, index - 1) + 1
      : this.#escapeStart(index, foldedOffset(this.#script, index));
    return { start: at, end: at };
  }

  /** Of a character that JSON escapes, the script has the end; the escape begins before it. */
  #escapeStart(index: number, offset: number): number {
    if (this.#quoting !== 'json' || index >= this.#script.text.length) return offset;
    const from = index > 0 ? foldedOffset(this.#script, index - 1) + 1 : offset - 5;
    const [mark = ''] = /\\(u[\da-fA-F]{3})?$/.exec(this.#source.slice(Math.max(offset - 5, from), offset)) ?? [];
    return offset - mark.length;
  }

  /** Whether a part of the script that is `length` long stands on one line, with nothing else in between. */
  isOnePiece({ start, end }: Span, length: number): boolean {
    return this.#quoting === 'json' ? !this.#source.slice(start, end).includes('\n') : end - start === length;
  }

  /** A text as it has to be written where the script stands; undefined where that is not known. */
  quote(text: string): string | undefined {
    switch (this.#quoting) {
      case 'none':
        return text;
      case 'json':
        return JSON.stringify(text).slice(1, -1);
      case 'single':
        return text.includes("'") ? undefined : text;
      case 'other':
        return undefined;
    }
  }
}
