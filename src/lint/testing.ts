/**
 * Runs the examples of rules as tests: published as `dlint/testing`.
 *
 *     import { testRule } from 'dlint/testing';
 *     testRule(rule);   // inside vitest, jest, mocha or node:test with its globals
 */
import type { Finding, Source, Span } from '../report/finding.ts';
import { baseImagesOf } from './example-base-images.ts';
import { buildOf } from './example-build.ts';
import { contextOf } from './example-context.ts';
import { applyEdits, fixAll } from './fix.ts';
import { lint } from './lint.ts';
import { parse } from './parse.ts';
import type { Example, Rule } from './rule.ts';
import { type RuleSet, ruleSet } from './rule-set.ts';
import type { Instruction } from './syntax.ts';

export interface ExampleTest {
  /** What it is about, e.g. `bad 1: under CRLF`. */
  readonly name: string;
  /** Throws an Error that says what differs. */
  readonly run: () => void;
}

/** The part of a test runner that `testRule` needs. */
export interface Runner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => void): void;
}

/** Hands every example of a rule to the test runner. `others` are rules that shall be known besides, for rules about ignores. */
export function testRule(
  rule: Rule,
  runner: Runner = globalThis as unknown as Runner,
  others: readonly Rule[] = [],
): void {
  runner.describe(rule.id, () => {
    for (const { name, run } of exampleTests(rule, others)) runner.it(name, run);
  });
}

/** Every example as it is, and then under rewrites that must not matter. */
export function exampleTests(rule: Rule, others: readonly Rule[] = []): readonly ExampleTest[] {
  let fixes: boolean | undefined;
  const isFixing = (): boolean => {
    fixes ??= rule.examples.some((example) => new Bench(rule, example, others).hasFix());
    return fixes;
  };
  return rule.examples.flatMap((example, index) => {
    const bench = new Bench(rule, example, others);
    const label = `${example.bad === undefined ? 'good' : 'bad'} ${index + 1}`;
    const run = (): void => {
      bench.check(identity);
      if (isRepair(example) && !bench.hasFix() && (example.fixed || isFixing())) {
        throw new Error('this rule has fixes, but none here: if good is a repair by hand, say fixed: false');
      }
    };
    const own: ExampleTest = { name: label, run };
    if (example.exact) return [own];
    const rewritten = rewrites.map((rewrite): ExampleTest => {
      return { name: `${label}: ${rewrite.name}`, run: () => bench.check(rewrite) };
    });
    const ignored: ExampleTest = { name: `${label}: with an ignore comment`, run: () => bench.checkIgnored() };
    return example.bad === undefined ? [own, ...rewritten] : [own, ...rewritten, ignored];
  });
}

/** Whether `good` is what the fix of `bad` gives, for a rule that has fixes. */
function isRepair({ bad, good, fixed }: Example): boolean {
  return bad !== undefined && good !== undefined && fixed !== false;
}

/** A text and the places in it that findings should underline. */
interface Marked {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Takes the marks out of `FROM «alpine»`. Throws when they do not pair up. */
export function readMarks(marked: string): Marked {
  const spans: Span[] = [];
  let text = '';
  let start: number | undefined;
  for (const piece of marked.split(/([«»])/)) {
    if (piece === '«' && start === undefined) start = text.length;
    else if (piece === '»' && start !== undefined) {
      spans.push({ start, end: text.length });
      start = undefined;
    } else if (piece === '«' || piece === '»') throw new Error(`marks do not pair up in ${JSON.stringify(marked)}`);
    else text += piece;
  }
  if (start !== undefined) throw new Error(`a mark is not closed in ${JSON.stringify(marked)}`);
  return { text, spans };
}

/** A change of the text that must not change what a rule says. Undefined: not applicable to this text. */
interface Rewrite {
  readonly name: string;
  apply(text: string): readonly { readonly span: Span; readonly text: string }[] | undefined;
  /** Brings two results to a common form, where the rewrite does not reach text that a fix inserts. */
  normalize?(text: string): string;
}

const identity: Rewrite = { name: '', apply: () => [] };

const rewrites: readonly Rewrite[] = [
  {
    name: 'under CRLF',
    apply: (text) =>
      [...text.matchAll(/\n/g)].map(({ index }) => ({ span: { start: index, end: index + 1 }, text: '\r\n' })),
    normalize: (text) => text.replace(/\r?\n/g, '\r\n'),
  },
  {
    name: 'with lower-case keywords',
    apply: lowerKeywords,
    normalize: (text) => applyEdits(text, lowerKeywords(text)),
  },
  { name: 'with a comment before', apply: (text) => insertAt(firstInstruction(text), '# a comment\n') },
  { name: 'with an earlier stage', apply: earlierStage },
  { name: 'inside ONBUILD', apply: insideOnbuild },
];

function lowerKeywords(text: string): { span: Span; text: string }[] {
  const keywordsOf = (instruction: Instruction): Span[] => {
    if (instruction.keyword === 'FROM' && instruction.as) return [instruction.keywordSpan, instruction.as];
    const inner = instruction.keyword === 'ONBUILD' && instruction.instruction;
    return inner ? [instruction.keywordSpan, ...keywordsOf(inner)] : [instruction.keywordSpan];
  };
  return parse({ path: '', text })
    .instructions.flatMap(keywordsOf)
    .map((span) => ({ span, text: text.slice(span.start, span.end).toLowerCase() }));
}

function insertAt(at: number | undefined, text: string): { span: Span; text: string }[] | undefined {
  return at === undefined ? undefined : [{ span: { start: at, end: at }, text }];
}

function firstInstruction(text: string): number | undefined {
  return parse({ path: '', text }).instructions[0]?.span.start;
}

function earlierStage(text: string): { span: Span; text: string }[] | undefined {
  if (/from=["']?\d/.test(text)) return undefined;
  const { items } = parse({ path: '', text });
  const first = items.findIndex((item) => item.kind === 'instruction' && item.keyword === 'FROM');
  // In front of the comments that belong to FROM.
  let index = first;
  while (index > 0 && items[index - 1]?.kind === 'comment') index--;
  if (index > 0 && items[index - 1]?.kind === 'space' && items[index - 2]?.kind === 'comment')
    index = firstComment(items, index);
  return insertAt(items[index]?.span.start, 'FROM scratch AS an-earlier-stage\n');
}

function firstComment(items: readonly { readonly kind: string }[], from: number): number {
  let index = from;
  while (index > 0 && (items[index - 1]?.kind === 'comment' || items[index - 1]?.kind === 'space')) index--;
  return items[index]?.kind === 'space' ? index + 1 : index;
}

/** For a file of one FROM and one RUN. */
function insideOnbuild(text: string): { span: Span; text: string }[] | undefined {
  const { instructions } = parse({ path: '', text });
  const [from, run] = instructions;
  if (instructions.length !== 2 || from?.keyword !== 'FROM' || run?.keyword !== 'RUN') return undefined;
  return insertAt(run.span.start, 'ONBUILD ');
}

class Bench {
  readonly #rule: Rule;
  readonly #example: Example;
  readonly #rules: RuleSet;

  constructor(rule: Rule, example: Example, others: readonly Rule[]) {
    this.#rule = rule;
    this.#example = example;
    const options = example.options;
    const known = others.some(({ id }) => id === rule.id) ? others : [...others, rule];
    this.#rules = ruleSet(known, { settings: new Map([[rule.id, { level: 'on', ...(options ? { options } : {}) }]]) });
  }

  check(rewrite: Rewrite): void {
    const { bad, good, fixed } = this.#example;
    const clean = good === undefined ? undefined : this.#rewritten(readMarks(good), rewrite);
    if (clean) this.#expect(clean.text, []);
    const inBuild = readMarks(this.#example.build ?? '').spans;
    if (bad === undefined) return;
    const marked = readMarks(bad);
    if (marked.spans.length + inBuild.length === 0) throw new Error('the bad example marks no place with «…»');
    const source = this.#rewritten(marked, rewrite);
    if (!source) return;
    const findings = this.#expect(source.text, source.spans, inBuild);
    this.#checkFix(source.text, findings, clean?.text, rewrite, fixed !== false);
  }

  /** Whether a finding of `bad` has a fix. */
  hasFix(): boolean {
    return this.#findings(readMarks(this.#example.bad ?? '').text).some(({ fix }) => fix);
  }

  checkIgnored(): void {
    const { text, spans } = readMarks(this.#example.bad ?? '');
    const { instructions } = parse({ path: '', text });
    const starts = spans.map(
      ({ start }) => instructions.find(({ span }) => span.start <= start && start < span.end)?.span.start,
    );
    const comment = `# dlint-ignore ${this.#rule.id}: an example\n`;
    const unique = [...new Set(starts)].filter((start) => start !== undefined);
    if (unique.length > 0 && !starts.includes(undefined)) {
      const edits = unique.map((start) => ({ span: { start, end: start }, text: comment }));
      this.#expect(applyEdits(text, edits), []);
    }
    this.#expect(`${text}${text.endsWith('\n') ? '' : '\n'}# dlint-ignore-file ${this.#rule.id}\n`, []);
  }

  /** The text after a rewrite, marks moved with it. */
  #rewritten({ text, spans }: Marked, rewrite: Rewrite): Marked | undefined {
    const edits = rewrite.apply(text);
    if (!edits) return undefined;
    const move = (offset: number, isEnd: boolean): number => {
      let moved = offset;
      for (const { span, text: added } of edits) {
        if (span.end < offset || (span.end === offset && !(isEnd && span.start === span.end))) {
          moved += added.length - (span.end - span.start);
        }
      }
      return moved;
    };
    return {
      text: applyPlain(text, edits),
      spans: spans.map(({ start, end }) => ({ start: move(start, false), end: move(end, end > start) })),
    };
  }

  #findings(text: string): readonly Finding[] {
    const source: Source = { path: 'Dockerfile', text };
    const context = contextOf(this.#example);
    const baseImages = baseImagesOf(this.#example, text);
    const build = buildOf(this.#example);
    const target = build?.target?.text;
    const known = {
      ...(context && { context }),
      ...(baseImages && { baseImages }),
      ...(build && { build }),
      ...(target !== undefined && { target }),
    };
    const { findings, failures } = lint(source, this.#rules, known);
    const failure = failures.find(({ rule }) => rule === this.#rule.id);
    if (failure)
      throw new Error(`the rule broke down: ${failure.error instanceof Error ? failure.error.stack : failure.error}`);
    return findings.filter(({ rule }) => rule === this.#rule.id);
  }

  #expect(text: string, spans: readonly Span[], inBuild: readonly Span[] = []): readonly Finding[] {
    const all = this.#findings(text).filter((finding) => !isInBuild(finding));
    this.#expectInBuild(this.#findings(text).filter(isInBuild), inBuild);
    const stage = text.indexOf('an-earlier-stage');
    const findings = all.filter(
      ({ location }) => !('span' in location) || stage < 0 || !onLine(text, stage, location.span.start),
    );
    const found = findings.map(({ location }) => ('span' in location ? location.span : { start: 0, end: 0 }));
    const actual = withMarks(text, found);
    const expected = withMarks(text, spans);
    if (actual !== expected) throw new Error(`expected findings\n${indent(expected)}\nbut got\n${indent(actual)}`);
    return findings;
  }

  #expectInBuild(findings: readonly Finding[], spans: readonly Span[]): void {
    const { text } = readMarks(this.#example.build ?? '');
    const found = findings.map(({ location }) => ('span' in location ? location.span : { start: 0, end: 0 }));
    const actual = withMarks(text, found);
    const expected = withMarks(text, spans);
    if (actual !== expected)
      throw new Error(`expected findings in the build\n${indent(expected)}\nbut got\n${indent(actual)}`);
  }

  #checkFix(
    text: string,
    findings: readonly Finding[],
    clean: string | undefined,
    rewrite: Rewrite,
    isFixed: boolean,
  ): void {
    const hasFix = findings.some(({ fix }) => fix);
    if (!isFixed) return;
    if (clean === undefined) {
      if (hasFix) throw new Error('the finding has a fix, but the example does not say what it gives: add good');
      return;
    }
    if (!hasFix) return;
    const source: Source = { path: 'Dockerfile', text };
    const lintText = (next: Source): readonly Finding[] => this.#findings(next.text);
    const once = fixAll(source, lintText, { unsafe: true }).text;
    const normalize = rewrite.normalize ?? ((each: string): string => each);
    if (normalize(once) !== normalize(clean)) {
      throw new Error(`the fix should give\n${indent(clean)}\nbut gives\n${indent(once)}`);
    }
    const twice = fixAll({ ...source, text: once }, lintText, { unsafe: true }).text;
    if (twice !== once) throw new Error(`fixing again changes it to\n${indent(twice)}`);
    if (rewrite.name === 'under CRLF' && /[^\r]\n/.test(once))
      throw new Error('the fix leaves a bare LF in a CRLF file');
  }
}

function isInBuild({ location }: Finding): boolean {
  return 'span' in location && location.source.path !== 'Dockerfile';
}

function applyPlain(text: string, edits: readonly { readonly span: Span; readonly text: string }[]): string {
  let result = '';
  let from = 0;
  for (const { span, text: added } of edits) {
    result += text.slice(from, span.start) + added;
    from = span.end;
  }
  return result + text.slice(from);
}

function onLine(text: string, line: number, offset: number): boolean {
  const start = text.lastIndexOf('\n', line) + 1;
  const end = text.indexOf('\n', line);
  return offset >= start && offset < (end < 0 ? text.length : end);
}

function withMarks(text: string, spans: readonly Span[]): string {
  const marks = spans.flatMap(({ start, end }) => [
    { at: start, mark: '«' },
    { at: end, mark: '»' },
  ]);
  return applyPlain(
    text,
    marks
      .sort((a, b) => a.at - b.at || (a.mark === '»' ? -1 : 1))
      .map(({ at, mark }) => ({ span: { start: at, end: at }, text: mark })),
  );
}

function indent(text: string): string {
  return text.replace(/\r/g, '␍').replace(/^/gm, '    ');
}
