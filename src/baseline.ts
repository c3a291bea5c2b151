import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { DlintError } from './errors.ts';
import { readFailure, writeFile } from './files.ts';
import { fingerprint } from './lint/fingerprint.ts';
import type { Finding, Source } from './report/finding.ts';

const schema = 'dlint-baseline/1';
const maxBytes = 64 * 1024 * 1024;
/** So many findings of a new file, times files that are gone, are compared to tell whether it is one of them, renamed. */
const maxComparisons = 100_000;

/** Findings of one rule on one text in lines that read the same: how often it is known. */
interface Known extends Identity {
  readonly rule: string;
  readonly count: number;
}

interface Identity {
  /** Of rule, path and the text under the finding. */
  readonly fingerprint: string;
  /** Of the line that it begins in: tells what was there from what was put before it. */
  readonly line: string;
}

/** What a baseline leaves of the findings of a file. */
export interface Compared {
  readonly fresh: readonly Finding[];
  readonly known: number;
  /** How many known findings of the rules that ran are not there any more. */
  readonly gone: number;
}

/**
 * Findings that are known and do not fail. An entry is a rule and a hash of the text it found, with how often that
 * occurs: lines may move. Of several findings on the same text, those are known first whose line reads as it did; a line
 * that was edited keeps what was known in it. Paths are relative to the folder of the file, so that it holds wherever dlint is started.
 */
export class Baseline {
  /** As shown to the user. */
  readonly name: string;
  readonly #path: string;
  readonly #files: Map<string, readonly Known[]>;
  /** The name that a file had, by the one it has now. */
  readonly #renamed = new Map<string, string>();

  private constructor(name: string, files: Map<string, readonly Known[]>) {
    this.name = name;
    this.#path = resolve(name);
    this.#files = files;
  }

  /** @throws DlintError E_NOT_FOUND, E_READ, E_CONFIG */
  static read(path: string): Baseline {
    return new Baseline(path, readEntries(path));
  }

  /** What there is, to be written anew; empty where there is no file yet, or one that cannot be understood. */
  static readOrNew(path: string): Baseline {
    try {
      return Baseline.read(path);
    } catch (error) {
      if (error instanceof DlintError && ['E_NOT_FOUND', 'E_CONFIG'].includes(error.code)) {
        return new Baseline(path, new Map());
      }
      throw error;
    }
  }

  compare({ path, text }: Source, findings: readonly Finding[], ran: (rule: string) => boolean): Compared {
    const key = this.#nameOf(this.#key(path), text, findings);
    const known = this.#files.get(key) ?? [];
    const sameLine = new Map(known.map((each) => [joined(each), each.count]));
    const others = findings.filter((finding) => !takeOne(sameLine, joined(identify(finding, key, text))));
    const left = new Map<string, number>();
    for (const each of known) {
      left.set(each.fingerprint, (left.get(each.fingerprint) ?? 0) + (sameLine.get(joined(each)) ?? 0));
    }
    const fresh = others.filter((finding) => !takeOne(left, identify(finding, key, text).fingerprint));
    const rules = new Map(known.map((each) => [each.fingerprint, each.rule]));
    const gone = [...left].reduce((sum, [id, count]) => sum + (ran(rules.get(id) ?? '') ? count : 0), 0);
    return { fresh, known: findings.length - fresh.length, gone };
  }

  /** Known findings of files that do not exist any more. */
  countOrphans(): number {
    const claimed = new Set(this.#renamed.values());
    const orphans = [...this.#files].filter(([path]) => !this.#exists(path) && !claimed.has(path));
    return orphans.flatMap(([, entries]) => entries).reduce((sum, { count }) => sum + count, 0);
  }

  /**
   * Takes over what these files have now; files that were not linted keep their entries as long as they exist.
   * @throws DlintError E_WRITE
   */
  update(files: readonly { readonly source: Source; readonly findings: readonly Finding[] }[]): void {
    for (const path of this.#files.keys()) if (!this.#exists(path)) this.#files.delete(path);
    for (const { source, findings } of files) {
      const key = this.#key(source.path);
      const entries = countEntries(findings, key, source.text);
      if (entries.length > 0) this.#files.set(key, entries);
      else this.#files.delete(key);
    }
    writeFile(this.name, render(this.#files));
  }

  /** What a file is called here: as it is now, or as it was. */
  #nameOf(key: string, text: string, findings: readonly Finding[]): string {
    if (this.#files.has(key)) return key;
    const known = this.#renamed.get(key);
    if (known !== undefined || findings.length === 0) return known ?? key;
    const claimed = new Set(this.#renamed.values());
    const gone = [...this.#files].filter(([path]) => !claimed.has(path) && !this.#exists(path));
    if (gone.length * findings.length > maxComparisons) return key;
    const scores = gone.map(([path, entries]) => ({ path, score: likeness(path, entries, key, text, findings) }));
    const best = scores.reduce((a, b) => (b.score > a.score ? b : a), { path: key, score: 0 });
    if (best.score > 0) this.#renamed.set(key, best.path);
    return best.path;
  }

  #key(path: string): string {
    return relative(dirname(this.#path), resolve(path)).split(sep).join('/');
  }

  #exists(path: string): boolean {
    return statSync(resolve(dirname(this.#path), path), { throwIfNoEntry: false }) !== undefined;
  }
}

/** How many known findings of a file are in another one; 0 when that is no sign that it is the same, renamed. */
function likeness(
  path: string,
  entries: readonly Known[],
  key: string,
  text: string,
  findings: readonly Finding[],
): number {
  const left = new Map(entries.map((each) => [joined(each), each.count]));
  const found = findings.filter((finding) => takeOne(left, joined(identify(finding, path, text)))).length;
  const all = entries.reduce((sum, { count }) => sum + count, 0);
  const isEnough = basename(path) === basename(key) ? 1 : 3;
  return found * 2 >= all && found >= isEnough ? found : 0;
}

function identify({ rule, location }: Finding, path: string, text: string): Identity {
  const { start, end } = 'span' in location ? location.span : { start: 0, end: 0 };
  const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - 1000);
  const newline = text.indexOf('\n', start);
  const line = text.slice(from, Math.min(newline < 0 ? text.length : newline, start + 1000));
  const found = text.slice(start, Math.min(end, start + 2000));
  return { fingerprint: fingerprint(rule, path, found, 0), line: fingerprint('', '', line, 0).slice(0, 8) };
}

function joined({ fingerprint: id, line }: Identity): string {
  return `${id} ${line}`;
}

function takeOne(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}

function countEntries(findings: readonly Finding[], path: string, text: string): readonly Known[] {
  const entries = new Map<string, Known>();
  for (const finding of findings) {
    const id = identify(finding, path, text);
    const count = (entries.get(joined(id))?.count ?? 0) + 1;
    entries.set(joined(id), { rule: finding.rule, ...id, count });
  }
  return [...entries.values()].sort((a, b) => compare(a.rule, b.rule) || compare(joined(a), joined(b)));
}

/** One entry a line, in a fixed order: a change shows as the lines that changed. */
function* render(files: ReadonlyMap<string, readonly Known[]>): Generator<string> {
  yield `{\n  "schema": ${JSON.stringify(schema)},\n  "files": {`;
  let separator = '\n';
  for (const [path, entries] of [...files].sort(([a], [b]) => compare(a, b))) {
    yield `${separator}    ${JSON.stringify(path)}: [\n`;
    yield entries
      .map(({ rule, fingerprint: id, line, count }) => {
        const times = count > 1 ? `, "count": ${count}` : '';
        return `      { "rule": ${JSON.stringify(rule)}, "fingerprint": "${id}", "line": "${line}"${times} }`;
      })
      .join(',\n');
    yield '\n    ]';
    separator = ',\n';
  }
  yield files.size > 0 ? '\n  }\n}\n' : '}\n}\n';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function readEntries(path: string): Map<string, readonly Known[]> {
  const files = parse(path);
  return new Map(
    Object.entries(files).map(([name, entries]) => {
      if (!Array.isArray(entries)) throw malformed(path, `files["${name}"] is no list`);
      return [name, entries.map((entry: unknown) => readEntry(entry, name, path))];
    }),
  );
}

function readEntry(entry: unknown, name: string, path: string): Known {
  const { rule, fingerprint: id, line, count = 1 } = (entry ?? {}) as Partial<Known>;
  const isCount = Number.isSafeInteger(count) && count > 0;
  const isText = [rule, id, line].every((each) => typeof each === 'string');
  if (isText && isCount) return { rule, fingerprint: id, line, count } as Known;
  throw malformed(path, `an entry of files["${name}"] is not { rule, fingerprint, line, count }`);
}

function parse(path: string): object {
  let json: unknown;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw malformed(path, 'it is no file');
    if (stat.size > maxBytes) throw malformed(path, 'it is larger than 64 MiB');
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed(path, error.message);
    throw error instanceof DlintError ? error : unreadable(path, error);
  }
  const { schema: stated, files } = (json ?? {}) as { schema?: unknown; files?: unknown };
  if (stated !== schema) throw malformed(path, `"schema" is not "${schema}"`);
  if (typeof files !== 'object' || files === null) throw malformed(path, 'it has no "files"');
  return files;
}

function unreadable(path: string, error: unknown): DlintError {
  const failure = readFailure(path, error);
  if (failure.code !== 'E_NOT_FOUND') return failure;
  const { code, message, where } = failure;
  return new DlintError(code, message, { where: where ?? path, hint: 'dlint lint --update-baseline writes it' });
}

function malformed(path: string, problem: string): DlintError {
  return new DlintError('E_CONFIG', `${path} is not a baseline of dlint`, {
    where: problem,
    hint: 'a merge that was not resolved? dlint lint --update-baseline writes it anew',
  });
}
