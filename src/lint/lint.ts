import type { Finding, Fix, Location, Severity, Source, Span } from '../report/finding.ts';
import type { ExternalFinding, ExternalLinter } from './external.ts';
import { fingerprint } from './fingerprint.ts';
import { Mentions } from './mentions.ts';
import { parse } from './parse.ts';
import type { Outcome, Problem, SuppressionOutcome } from './rule.ts';
import type { ActiveRule, RuleSet } from './rule-set.ts';
import { type AnalyzeOptions, analyze, type SemanticModel } from './semantic.ts';
import { checksAreErrors, type Suppression, suppressions } from './suppress.ts';

export interface LintResult {
  /** By position, then by rule. */
  readonly findings: readonly Finding[];
  /** What comments and directives have silenced. */
  readonly suppressed: readonly Finding[];
  /** Rules that broke down; the others have gone on. */
  readonly failures: readonly RuleFailure[];
  readonly model: SemanticModel;
  /** `# check=error=true`: the author wants any finding to fail the build. */
  readonly failsOnAny: boolean;
}

export interface RuleFailure {
  readonly rule: string;
  readonly path: string;
  readonly error: unknown;
}

/** One rule reports at most this often in a file: what repeats a thousand times needs no thousand-and-first line. */
const maxPerRule = 1000;

export interface LintOptions extends AnalyzeOptions {
  /** What looks at the file beside the rules; it may do more than compute, and throw. */
  readonly external?: ExternalLinter;
  /** False: comments that silence rules are not heeded. */
  readonly inlineIgnores?: boolean;
}

/** Lints one Dockerfile. Pure: the same text, rules and options give the same findings. Never throws by itself. */
export function lint(source: Source, rules: RuleSet, options: LintOptions = {}): LintResult {
  const model = analyze(parse(source), options);
  const failures: RuleFailure[] = [];
  const report = new Report(source, failures);
  const said = new Mentions(spoken(source, options.buildArgs));
  for (const active of rules.active) {
    const { mentions } = active.rule;
    if (mentions && !mentions.some((word) => said.has(word))) continue;
    report.take(active, () => active.rule.check(model, active.options));
  }
  if (options.external) report.takeExternal(options.external.check(model));
  const silencer = new Silencer(
    options.inlineIgnores === false ? [] : suppressions(model.dockerfile),
    rules,
    options.external,
  );
  silencer.silence(report.findings);
  const outcome: Outcome = { model, suppressions: silencer.outcomes() };
  const reviews = new Report(source, failures);
  for (const active of rules.active) {
    const { rule } = active;
    if (rule.review) reviews.take(active, () => rule.review?.(outcome, active.options) ?? []);
  }
  silencer.silence(reviews.findings);
  const all = [...report.findings, ...reviews.findings].sort(byPosition);
  const { kept, silenced } = silencer.divide(withFingerprints(all));
  return { findings: kept, suppressed: silenced, failures, model, failsOnAny: checksAreErrors(model.dockerfile) };
}

/** The lines of a file as the builder joins them, and what comes from outside, in lower case: where `mentions` are looked for. */
function spoken({ text }: Source, buildArgs: AnalyzeOptions['buildArgs']): string {
  const joined = text.replace(/[\\`][ \t]*\r?\n/g, '');
  return [joined, ...(buildArgs?.values() ?? [])].join('\n').toLowerCase();
}

/** A finding before it has its fingerprint. */
interface Draft {
  readonly finding: Omit<Finding, 'fingerprint'>;
  readonly span: Span;
}

function byPosition(a: Draft, b: Draft): number {
  return a.span.start - b.span.start || a.span.end - b.span.end || (a.finding.rule < b.finding.rule ? -1 : 1);
}

class Report {
  readonly findings: Draft[] = [];
  readonly #source: Source;
  readonly #failures: RuleFailure[];

  constructor(source: Source, failures: RuleFailure[]) {
    this.#source = source;
    this.#failures = failures;
  }

  take(active: ActiveRule, check: () => Iterable<Problem>): void {
    let count = 0;
    try {
      for (const problem of check()) {
        this.findings.push(this.#draft(active, problem));
        if (++count >= maxPerRule) break;
      }
    } catch (error) {
      this.#failures.push({ rule: active.rule.id, path: this.#source.path, error });
    }
  }

  takeExternal(found: Iterable<ExternalFinding>): void {
    const counts = new Map<string, number>();
    for (const { code, at, ...finding } of found) {
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count > maxPerRule) continue;
      const span = within(at, this.#source.text.length);
      const location = { source: this.#source, span };
      this.findings.push({ finding: { rule: code, aliases: [], ...finding, location }, span });
    }
  }

  #draft({ rule, severity }: ActiveRule, { at, source: other, message, help, fix }: Problem): Draft {
    const source = other ?? this.#source;
    const span = within(at, source.text.length);
    const finding: Draft['finding'] = {
      rule: rule.id,
      aliases: rule.aliases ?? [],
      category: rule.category,
      severity: severity satisfies Severity,
      message,
      ...(help === undefined ? {} : { help }),
      location: { source, span },
      ...(fix ? { fix: { title: fix.title, safe: fix.safe ?? true, edits: fix.edits } satisfies Fix } : {}),
    };
    // Comments of the Dockerfile cover another text only as a whole.
    return { finding, span: other ? { start: 0, end: 0 } : span };
  }
}

function within({ start, end }: Span, length: number): Span {
  const from = Math.min(Math.max(0, start), length);
  return { start: from, end: Math.min(Math.max(from, end), length) };
}

function withFingerprints(drafts: readonly Draft[]): { draft: Draft; finding: Finding }[] {
  const seen = new Map<string, number>();
  return drafts.map((draft) => {
    const { finding } = draft;
    const { source, span } = finding.location as Extract<Location, { source: Source }>;
    const { path, text } = source;
    const found = text.slice(span.start, Math.min(span.end, span.start + 2000));
    const key = `${finding.rule}\0${path}\0${found}`;
    const repeat = seen.get(key) ?? 0;
    seen.set(key, repeat + 1);
    return { draft, finding: { ...finding, fingerprint: fingerprint(finding.rule, path, found, repeat) } };
  });
}

/** Decides which findings the suppressions of a file silence, and which suppressions do nothing. */
class Silencer {
  readonly #suppressions: readonly Suppression[];
  readonly #rules: RuleSet;
  readonly #external: ExternalLinter | undefined;
  readonly #used = new Set<Suppression['ids'][number]>();
  readonly #silenced = new Set<Draft>();

  constructor(found: readonly Suppression[], rules: RuleSet, external: ExternalLinter | undefined) {
    this.#suppressions = found;
    this.#rules = rules;
    this.#external = external;
  }

  silence(drafts: readonly Draft[]): void {
    if (this.#suppressions.length === 0) return;
    for (const draft of drafts) {
      for (const { covers, ids } of this.#suppressions) {
        if (draft.span.start < covers.start || draft.span.start >= covers.end) continue;
        for (const each of ids) {
          if (!this.#names(each.id, draft.finding.rule)) continue;
          this.#used.add(each);
          this.#silenced.add(draft);
        }
      }
    }
  }

  #names(id: string, rule: string): boolean {
    return id === '*' || this.#rules.names.get(id.toLowerCase())?.has(rule) === true || id.toUpperCase() === rule;
  }

  outcomes(): readonly SuppressionOutcome[] {
    if (this.#suppressions.length === 0) return [];
    const names = new Set(this.#rules.names.keys());
    const active = new Set(this.#rules.active.map(({ rule }) => rule.id));
    return this.#suppressions.map((suppression) => ({
      suppression,
      names,
      ids: suppression.ids.map((each) => {
        const rules = [...(this.#rules.names.get(each.id.toLowerCase()) ?? [])];
        const isReported = each.id === '*' || this.#external?.reports(each.id) === true;
        const isKnown = isReported || rules.length > 0;
        const isActive = isReported || rules.some((id) => active.has(id));
        return { ...each, isKnown, isActive, isUsed: this.#used.has(each) };
      }),
    }));
  }

  divide(all: readonly { draft: Draft; finding: Finding }[]): { kept: Finding[]; silenced: Finding[] } {
    const kept: Finding[] = [];
    const silenced: Finding[] = [];
    for (const { draft, finding } of all) (this.#silenced.has(draft) ? silenced : kept).push(finding);
    return { kept, silenced };
  }
}
