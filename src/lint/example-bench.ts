import type { Finding, Source, Span } from '../report/finding.ts';
import { baseImagesOf } from './example-base-images.ts';
import { buildOf } from './example-build.ts';
import { contextOf } from './example-context.ts';
import { readMarks, withMarks } from './example-marks.ts';
import { type Rewrite, rewritten } from './example-rewrites.ts';
import { applyEdits, fixAll } from './fix.ts';
import { lint } from './lint.ts';
import { parse } from './parse.ts';
import type { Example, Rule } from './rule.ts';
import { type RuleSet, ruleSet } from './rule-set.ts';

/** One example of a rule, and what has to hold for it. */
export class Bench {
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
    const clean = good === undefined ? undefined : rewritten(readMarks(good), rewrite);
    if (clean) this.#expect(clean.text, []);
    const inBuild = readMarks(this.#example.build ?? '').spans;
    if (bad === undefined) return;
    const marked = readMarks(bad);
    if (marked.spans.length + inBuild.length === 0) throw new Error('the bad example marks no place with «…»');
    const source = rewritten(marked, rewrite);
    if (!source) return;
    const findings = this.#expect(source.text, source.spans, inBuild);
    this.#checkFix(source.text, findings, clean?.text, rewrite, fixed !== false);
  }

  /** Whether a finding of `bad` has a fix. */
  hasFix(): boolean {
    return this.#findings(readMarks(this.#example.bad ?? '').text).some(({ fix }) => fix);
  }

  /** Whether message and help of the findings say what the example says they do. */
  checkWords(): void {
    const { bad = '', says = [] } = this.#example;
    const said = says.length === 0 ? [] : this.#findings(readMarks(bad).text).map(words);
    for (const text of says) {
      if (!said.some((each) => each.includes(text))) {
        throw new Error(`no finding says\n${indent(text)}\nbut\n${indent(said.join('\n'))}`);
      }
    }
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

function words({ message, help }: Finding): string {
  return help === undefined ? message : `${message}: ${help}`;
}

function isInBuild({ location }: Finding): boolean {
  return 'span' in location && location.source.path !== 'Dockerfile';
}

function onLine(text: string, line: number, offset: number): boolean {
  const start = text.lastIndexOf('\n', line) + 1;
  const end = text.indexOf('\n', line);
  return offset >= start && offset < (end < 0 ? text.length : end);
}

function indent(text: string): string {
  return text.replace(/\r/g, '␍').replace(/^/gm, '    ');
}
