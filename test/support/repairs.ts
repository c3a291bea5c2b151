import { applyEdits, applyFixes, fixAll } from '../../src/lint/fix.ts';
import { lint } from '../../src/lint/lint.ts';
import { parse } from '../../src/lint/parse.ts';
import type { RuleSet } from '../../src/lint/rule-set.ts';
import type { Edit, Finding, Span } from '../../src/report/finding.ts';

/** What a fix did that it must not do. */
export interface Fault {
  readonly path: string;
  /** The rules whose fixes they were. */
  readonly by: readonly string[];
  readonly what: string;
  /** The rule that finds something afterwards, if that is the fault. */
  readonly finds?: string;
}

/** Faults of the fixes of one file, each on its own and all together, and how many fixes there were. */
export function repairFaults(path: string, text: string, rules: RuleSet): { faults: readonly Fault[]; fixes: number } {
  const findingsOf = (each: string) => lint({ path, text: each }, rules).findings;
  const findings = findingsOf(text);
  const fixable = findings.filter(({ fix }) => fix);
  const single = [...new Map(fixable.map((finding) => [JSON.stringify(finding.fix?.edits), finding])).values()];
  const faults = single.flatMap((finding) => {
    const edits = finding.fix?.edits ?? [];
    const after = applyEdits(text, edits);
    return stepFaults(text, after, edits, findings, [finding], findingsOf(after)).map((fault) => ({ path, ...fault }));
  });
  for (const unsafe of [false, true]) {
    if (!fixable.some(({ fix }) => fix?.safe || unsafe)) continue;
    faults.push(...allFaults(text, findingsOf, unsafe).map((fault) => ({ path, ...fault })));
  }
  return { faults, fixes: fixable.length };
}

type Found = Omit<Fault, 'path'>;

/** Faults of `--fix` or `--fix-unsafe`, round by round. */
function allFaults(start: string, findingsOf: (text: string) => readonly Finding[], unsafe: boolean): Found[] {
  const faults: Found[] = [];
  const by = [unsafe ? '--fix-unsafe' : '--fix'];
  let text = start;
  let findings = findingsOf(text);
  for (let round = 0; round < 10; round++) {
    const { text: after, applied } = applyFixes(text, findings, { unsafe });
    if (after === text) break;
    const next = findingsOf(after);
    const edits = applied.flatMap(({ fix }) => fix?.edits ?? []);
    faults.push(...stepFaults(text, after, edits, findings, applied, next));
    text = after;
    findings = next;
  }
  for (const { rule, fix } of findings) {
    if (fix?.safe || (fix && unsafe)) faults.push({ by, what: 'leaves a finding with a fix', finds: rule });
  }
  const run = (each: string) => fixAll({ path: '', text: each }, ({ text }) => findingsOf(text), { unsafe }).text;
  if (run(start) !== text) faults.push({ by, what: 'gives another text in one go' });
  if (run(text) !== text) faults.push({ by, what: 'changes something in a second run' });
  if (start.includes('\r') || start.startsWith('\uFEFF')) return faults;
  const windows = (each: string) => `\uFEFF${each.replaceAll('\n', '\r\n')}`;
  if (run(windows(start)) !== windows(text)) faults.push({ by, what: 'gives another text under CRLF and BOM' });
  return faults;
}

/** `done` are the findings whose fixes are `edits`; they have to be gone, and no other may have come. */
function stepFaults(
  before: string,
  after: string,
  edits: readonly Edit[],
  findings: readonly Finding[],
  done: readonly Finding[],
  next: readonly Finding[],
): Found[] {
  const faults: Found[] = [];
  const by = [...new Set(done.map(({ rule }) => rule))];
  if (after === before) faults.push({ by, what: 'changes nothing' });
  const problems = unexplained(problemsOf(before), problemsOf(after));
  if (problems.length > 0) faults.push({ by, what: `makes a syntax problem: ${problems.join(', ')}` });
  if (!keepsLineEnds(before, after)) faults.push({ by, what: 'mixes line ends or loses the byte order mark' });
  const fixed = new Set(done);
  for (const finding of newcomers(
    before,
    after,
    edits,
    findings.filter((each) => !fixed.has(each)),
    next,
  )) {
    const what = done.some(({ rule }) => rule === finding.rule) ? 'is not mended' : 'brings a finding';
    faults.push({ by, what: `${what}: ${finding.message}`, finds: finding.rule });
  }
  return faults;
}

function problemsOf(text: string): string[] {
  return parse({ path: '', text }).problems.map(({ code }) => code);
}

/** What is in `after` and not, as often, in `before`. */
function unexplained(before: readonly string[], after: readonly string[]): string[] {
  const left = counted(before);
  return after.filter((each) => !take(left, each));
}

/**
 * Findings that were not there before: neither one of the same rule on the same text, nor one of the same rule whose
 * place is the same but for the edits within it.
 */
function newcomers(
  before: string,
  after: string,
  edits: readonly Edit[],
  findings: readonly Finding[],
  next: readonly Finding[],
): readonly Finding[] {
  const texts = counted(findings.map((finding) => textKey(before, finding)));
  const rest = next.filter((finding) => !take(texts, textKey(after, finding)));
  if (rest.length === 0) return [];
  const places = new Set(
    findings.flatMap(({ rule, location }) => {
      if (!('span' in location)) return [];
      return movedSpans(location.span, edits, before.includes('\r\n')).map(
        ({ start, end }) => `${rule}:${start}-${end}`,
      );
    }),
  );
  return rest.filter(
    ({ rule, location }) => !('span' in location) || !places.has(`${rule}:${location.span.start}-${location.span.end}`),
  );
}

function textKey(text: string, { rule, location }: Finding): string {
  return 'span' in location ? `${rule}\0${text.slice(location.span.start, location.span.end)}` : rule;
}

/** Where a span lies after the edits: insertions at its borders may be in it or not. */
function movedSpans({ start, end }: Span, edits: readonly Edit[], isCrlf: boolean): Span[] {
  const starts = [moved(start, edits, false, isCrlf), moved(start, edits, true, isCrlf)];
  const ends = [moved(end, edits, false, isCrlf), moved(end, edits, true, isCrlf)];
  return starts.flatMap((from) => ends.map((to) => ({ start: from, end: to })));
}

function moved(offset: number, edits: readonly Edit[], isBehind: boolean, isCrlf: boolean): number {
  let shift = 0;
  for (const { span, text } of edits) {
    const length = isCrlf ? text.replace(/\r?\n/g, '\r\n').length : text.length;
    if (span.end < offset || (span.end === offset && (isBehind || span.start < span.end)))
      shift += length - (span.end - span.start);
  }
  return offset + shift;
}

function counted(all: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  counts.set(key, count - 1);
  return count > 0;
}

function keepsLineEnds(before: string, after: string): boolean {
  if (before.startsWith('\uFEFF') !== after.startsWith('\uFEFF')) return false;
  if (!before.includes('\r')) return !after.includes('\r');
  return /(^|[^\r])\n/.test(before) || !/(^|[^\r])\n/.test(after);
}
