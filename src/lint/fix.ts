import type { Edit, Finding, Fix, Source } from '../report/finding.ts';
import { parse } from './parse.ts';

export interface FixOptions {
  /** Also fixes that may change what the image does. */
  readonly unsafe?: boolean;
}

export interface FixResult {
  readonly text: string;
  /** Findings whose fixes have been applied, round by round. */
  readonly applied: readonly Finding[];
  /** Rounds that changed something. */
  readonly rounds: number;
}

const maxRounds = 10;

/**
 * Applies fixes by position, those that touch an earlier one left for the next round, until nothing changes or ten
 * rounds have passed. `findingsOf` lints a text. A fix after which the file no longer parses as well is left out.
 */
export function fixAll(
  source: Source,
  findingsOf: (source: Source) => readonly Finding[],
  options: FixOptions = {},
): FixResult {
  const applied: Finding[] = [];
  let { text } = source;
  let rounds = 0;
  while (rounds < maxRounds) {
    const round = applyFixes(text, findingsOf({ ...source, text }), options);
    if (round.text === text) break;
    applied.push(...round.applied);
    text = round.text;
    rounds++;
  }
  return { text, applied, rounds };
}

/** One round: the fixes of `findings` that do not touch each other. Line ends of inserted text follow the file's. */
export function applyFixes(
  text: string,
  findings: readonly Finding[],
  options: FixOptions = {},
): { readonly text: string; readonly applied: readonly Finding[] } {
  const chosen = chooseFixes(findings, text.length, options);
  const all = applyEdits(
    text,
    chosen.flatMap(({ fix }) => fix.edits),
  );
  const before = problemCount(text);
  if (problemCount(all) <= before) return { text: all, applied: chosen.map(({ finding }) => finding) };
  // Some fix breaks the file: take those that do not, one by one. From the end, so that offsets stay true.
  let result = text;
  const applied: Finding[] = [];
  for (const { finding, fix } of chosen.toReversed()) {
    if (!isBefore(fix, applied.at(-1)?.fix)) continue;
    const next = applyEdits(result, fix.edits);
    if (problemCount(next) > before) continue;
    result = next;
    applied.push(finding);
  }
  return { text: result, applied: applied.reverse() };
}

function problemCount(text: string): number {
  return parse({ path: '', text }).problems.length;
}

interface Chosen {
  readonly finding: Finding;
  readonly fix: Fix;
}

function chooseFixes(findings: readonly Finding[], length: number, { unsafe = false }: FixOptions): Chosen[] {
  const chosen: Chosen[] = [];
  const taken: Edit['span'][] = [];
  for (const finding of findings) {
    const { fix } = finding;
    if (!fix || fix.edits.length === 0 || (!fix.safe && !unsafe)) continue;
    const spans = fix.edits.map(({ span }) => span);
    const fits = spans.every((span, i) => {
      const isInside = span.start >= 0 && span.start <= span.end && span.end <= length;
      return isInside && !spans.some((other, j) => i !== j && collide(span, other));
    });
    if (!fits || !taken.every((other) => spans.every((span) => !collide(span, other)))) continue;
    chosen.push({ finding, fix });
    taken.push(...spans);
  }
  return chosen.sort((a, b) => startOf(a.fix) - startOf(b.fix));
}

/** Two insertions at one place collide, too: their order would decide the result. */
function collide(a: Edit['span'], b: Edit['span']): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}

function startOf({ edits }: Fix): number {
  return Math.min(...edits.map(({ span }) => span.start));
}

function isBefore(fix: Fix, later: Fix | undefined): boolean {
  return !later || Math.max(...fix.edits.map(({ span }) => span.end)) <= startOf(later);
}

/** Replaces all spans at once; they must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const isCrlf = text.includes('\r\n');
  const parts: string[] = [];
  let from = 0;
  for (const { span, text: added } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    parts.push(text.slice(from, span.start), isCrlf ? added.replace(/\r?\n/g, '\r\n') : added);
    from = span.end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
