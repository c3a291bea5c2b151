import { type BuildFacts, type BuildPlan, type InlineDockerfile, planBuilds } from './build-files.ts';
import type { Discovery } from './discover.ts';
import { DlintError } from './errors.ts';
import { readDockerfile } from './files.ts';
import { type LintOptions, type LintResult, lint, type RuleFailure } from './lint/lint.ts';
import type { RuleSet } from './lint/rule-set.ts';
import type { LintFilesOptions } from './lint-files.ts';
import type { FileSettings, Repair } from './lint-one-file.ts';
import { mergeRuns } from './merge-runs.ts';
import { OuterFindings, toOuter } from './outer-findings.ts';
import { repairInline } from './repair-inline.ts';
import type { Finding, Source } from './report/finding.ts';
import type { LintedFile } from './report/lint-report.ts';
import type { Sieve } from './sieve.ts';

/** Which rules were looked at. */
type Ran = (rule: string) => boolean;

/** The Dockerfiles of compose and bake files: each is linted once for every build that differs. */
export class LintedBuilds {
  readonly plan: BuildPlan;
  readonly #outer = new OuterFindings();

  /** @param texts of files that are open in an editor, by their paths */
  constructor(discovery: Discovery, stdinName: string, texts: ReadonlyMap<string, string> = new Map()) {
    this.plan = planBuilds(discovery, stdinName, texts);
  }

  /** What there is to say in the compose or bake file at `path`, of Dockerfiles inside of it and of others. */
  lintOuter(settings: FileSettings, path: string): { readonly findings: readonly Finding[] } {
    const every: Ran = () => true;
    for (const dockerfile of this.plan.files) {
      const source = readable(dockerfile);
      if (!source) continue;
      const { findings } = this.lint(dockerfile, source, settings.rules, settings.analyze ?? {}, false);
      this.divide(source, findings, every);
    }
    this.lintInline(new Map(this.plan.inline.map((each) => [each.path, settings])), () => every, false);
    const own = this.finish(undefined, new Map()).find(({ source }) => source.path === path);
    return { findings: own?.findings ?? [] };
  }

  /** What holds for any of the builds of the file at `path`. `hasContext`: the user has said what the context is. */
  lint(path: string, source: Source, rules: RuleSet, options: LintOptions, hasContext: boolean): LintResult {
    const facts = this.plan.facts.get(path);
    if (!facts) return lint(source, rules, options);
    return mergeRuns(
      facts.map((each) => lint(source, rules, withFacts(options, each, hasContext))),
      rules,
    );
  }

  /** What is in the Dockerfile itself; the findings in compose and bake files are kept for `finish`. */
  divide(source: Source, findings: readonly Finding[], ran: Ran): readonly Finding[] {
    return this.#outer.divide(source, findings, ran);
  }

  /** What repairs make of the compose and bake files, in what lies in them. */
  repairInline(
    settings: ReadonlyMap<string, FileSettings>,
    sieve: Sieve | undefined,
    ranIn: (settings: FileSettings) => Ran,
    { unsafe, context }: Pick<LintFilesOptions, 'unsafe' | 'context'>,
  ): readonly Repair[] {
    const inlines = this.plan.inline.filter(({ path }) => settings.has(path));
    const settingsOf = (path: string) => settings.get(path) as FileSettings;
    return repairInline(inlines, {
      unsafe,
      lint: (inline, source) => {
        const { findings } = lintOne(inline, settingsOf(inline.path), context !== undefined, source);
        return findings.filter(({ location }) => 'span' in location && location.source === source);
      },
      sieveOf: (file) => sieve?.of(file, ranIn(settingsOf(file.path))),
    });
  }

  /** What lies in the compose and bake files themselves, with what is known of how it is built. */
  inlineSources(settings: ReadonlyMap<string, FileSettings>): { source: Source; analyze: LintOptions }[] {
    return this.plan.inline.flatMap(({ path, file, text, facts }) => {
      const own = settings.get(path);
      return own
        ? [{ source: { path: file.path, text: text.text }, analyze: withFacts(own.analyze, facts, false) }]
        : [];
    });
  }

  /** Lints what lies in the compose and bake files themselves; `settings` has those that are not to be left out. */
  lintInline(settings: ReadonlyMap<string, FileSettings>, ranIn: (settings: FileSettings) => Ran, hasContext: boolean) {
    const failures: RuleFailure[] = [];
    const strict: Finding[] = [];
    for (const inline of this.plan.inline) {
      const own = settings.get(inline.path);
      if (!own) continue;
      const source: Source = { path: inline.file.path, text: inline.text.text };
      const result = lintOne(inline, own, hasContext, source);
      const mine = result.findings.filter(({ location }) => 'span' in location && location.source === source);
      const others = result.findings.filter((finding) => !mine.includes(finding));
      const mapped = [...toOuter(mine, inline), ...others];
      this.#outer.add(inline.file, mapped, ranIn(own));
      if (result.failsOnAny) strict.push(...mapped);
      failures.push(...result.failures);
    }
    return { failures, strict };
  }

  /** The compose and bake files with what was found in them. */
  finish(sieve: Sieve | undefined, fixed: ReadonlyMap<string, number>): readonly LintedFile[] {
    return this.#outer.finish(sieve, fixed);
  }
}

function readable(path: string): Source | undefined {
  try {
    return { path, text: readDockerfile(path).text };
  } catch (error) {
    if (error instanceof DlintError) return undefined;
    throw error;
  }
}

function lintOne(
  { facts }: InlineDockerfile,
  { rules, analyze, external }: FileSettings,
  hasContext: boolean,
  source: Source,
): LintResult {
  const known = withFacts({ ...analyze, ...(external && { external }) }, facts, hasContext);
  return lint(source, rules, known);
}

/** What the user says goes before what the file says. */
function withFacts(options: LintOptions, facts: BuildFacts, hasContext: boolean): LintOptions {
  const { context = options.context, ...rest } = facts;
  const own = hasContext ? options.context : context;
  const buildArgs = new Map([...(facts.buildArgs ?? []), ...(options.buildArgs ?? [])]);
  return { ...options, ...rest, buildArgs, ...(own && { context: own }) };
}
