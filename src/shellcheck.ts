import { availableParallelism } from 'node:os';
import type { ExternalFinding, ExternalLinter } from './lint/external.ts';
import { parse } from './lint/parse.ts';
import { type AnalyzeOptions, analyze, type SemanticModel } from './lint/semantic.ts';
import { maxScript, type ShellScript, shellScripts } from './lint/shell-scripts.ts';
import { pointlessCodes, type Remark, shellCheckFindings } from './lint/shellcheck.ts';
import type { Severity, Source } from './report/finding.ts';
import { lineStarts, positionAt } from './report/position.ts';
import { count } from './report/units.ts';
import { type Batch, checkPresence, runShellCheck, runShellCheckSync } from './shellcheck-process.ts';

export interface ShellCheckOptions {
  /** Report these codes alone. */
  readonly only?: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
  /** Severities by code, where they are not ShellCheck's own. */
  readonly levels?: ReadonlyMap<string, Severity>;
  readonly analyze: AnalyzeOptions;
  /** Milliseconds that a process may take, and some more for every character; a minute if absent. */
  readonly time?: number;
}

/** Milliseconds for a character of a script: five times what a slow machine needs. */
const timePerUnit = 0.3;

/** Scripts of one process: their names fit into a command line of Windows (32,767 characters). */
const maxBatch = 3000;
/** With fewer scripts, a second process is not worth its start. */
const minBatch = 20;

/** Where a script stands; the line is only counted when somebody wants to know it. */
interface Place {
  readonly source: Source;
  readonly offset: number;
}

/**
 * ShellCheck beside the rules. It checks a script once, however many files have it: `prepare` does all of them in as
 * few processes as there are processors, and only what repairs have changed since is checked afterwards.
 */
export class ShellCheck implements ExternalLinter {
  readonly #options: ShellCheckOptions;
  readonly #remarks = new Map<string, readonly Remark[]>();
  readonly #notes = new Set<string>();

  constructor(options: ShellCheckOptions) {
    this.#options = options;
  }

  /** What was not checked and why: clauses that begin with the place. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** @throws DlintError E_PROGRAM */
  async prepare(sources: Iterable<Source>): Promise<void> {
    const places = new Map<string, Place>();
    for (const source of sources) {
      for (const script of shellScripts(analyze(parse(source), this.#options.analyze))) {
        if (this.#takes(script) && !places.has(script.text)) places.set(script.text, placeOf(script));
      }
    }
    if (places.size === 0) return checkPresence();
    const batches = this.#batches(places);
    const results = await Promise.all(batches.map(runShellCheck));
    for (const [i, batch] of batches.entries()) this.#keep(batch, results[i] ?? []);
  }

  reports(code: string): boolean {
    const { only, ignored } = this.#options;
    const known = /^SC(\d{4})$/i.exec(code);
    if (!known || pointlessCodes.includes(Number(known[1]))) return false;
    return !ignored.has(code.toUpperCase()) && (only?.has(code.toUpperCase()) ?? true);
  }

  *check(model: SemanticModel): Generator<ExternalFinding> {
    const scripts = shellScripts(model).filter((script) => this.#takes(script));
    this.#catchUp(scripts);
    for (const script of scripts) {
      for (const finding of shellCheckFindings(script, this.#remarks.get(script.text) ?? [])) {
        if (!this.reports(finding.code)) continue;
        yield { ...finding, severity: this.#options.levels?.get(finding.code) ?? finding.severity };
      }
    }
  }

  /** Checks what repairs have made of scripts. */
  #catchUp(scripts: readonly ShellScript[]): void {
    const changed = scripts.filter(({ text }) => !this.#remarks.has(text));
    if (changed.length === 0) return;
    const places = new Map(changed.map((script) => [script.text, placeOf(script)]));
    for (const batch of this.#batches(places)) this.#keep(batch, runShellCheckSync(batch));
  }

  /** A script that is too long is left out, with a note. */
  #takes(script: ShellScript): boolean {
    const { length } = script.script.text;
    if (length <= maxScript) return true;
    const bound = `${count(length)} characters, and ShellCheck gets none of more than ${count(maxScript)}`;
    this.#notes.add(`${described(placeOf(script))}: a script was left out: it has ${bound}`);
    return false;
  }

  /** As many as there are processors, about equally long. */
  #batches(places: ReadonlyMap<string, Place>): readonly Batch[] {
    const { time: base = 60_000 } = this.#options;
    const number = Math.max(
      Math.min(availableParallelism(), Math.ceil(places.size / minBatch)),
      Math.ceil(places.size / maxBatch),
    );
    const lists = Array.from({ length: number }, (): string[] => []);
    for (const [i, text] of [...places.keys()].entries()) lists[i % number]?.push(text);
    return lists.map((texts) => {
      const place = places.get(texts[0] ?? '');
      const time = Math.ceil(base + timePerUnit * texts.reduce((sum, { length }) => sum + length, 0));
      return { texts, time, place: place ? described(place) : '' };
    });
  }

  #keep({ texts }: Batch, remarks: readonly (readonly Remark[])[]): void {
    for (const [i, text] of texts.entries()) this.#remarks.set(text, remarks[i] ?? []);
  }
}

function placeOf({ source, script }: ShellScript): Place {
  return { source, offset: script.segments[0]?.offset ?? 0 };
}

function described({ source, offset }: Place): string {
  return `${source.path}:${positionAt(lineStarts(source.text), offset).line}`;
}
