import { buildContextOf } from '../build-context.ts';
import { fixAll } from '../lint/fix.ts';
import { type LintResult, lint } from '../lint/lint.ts';
import { LintedBuilds } from '../lint-builds.ts';
import type { FileSettings } from '../lint-one-file.ts';
import type { Finding, Source } from '../report/finding.ts';

/** What there is to say of a text in an editor. */
export interface Look {
  readonly findings: readonly Finding[];
  /** What is wrong with the text itself, and where it is known, the line and column, from 1. */
  readonly problems: readonly { readonly message: string; readonly line: number; readonly column: number }[];
  /** The text after all safe repairs. */
  repaired(): string;
  /** Where the instruction begins that an offset is in, if a comment can stand above it. */
  instructionAt(offset: number): number | undefined;
}

export function lookAtDockerfile(source: Source, { rules, analyze, external }: FileSettings): Look {
  const context = buildContextOf(source.path);
  const run = (each: Source): LintResult =>
    lint(each, rules, { ...(context && { context }), ...analyze, ...(external && { external }) });
  const { findings, model } = run(source);
  return {
    findings,
    problems: [],
    repaired: () => fixAll(source, (each) => run(each).findings).text,
    instructionAt: (offset) => {
      const { items } = model.dockerfile;
      return items.find(({ kind, span }) => kind === 'instruction' && span.start <= offset && offset <= span.end)?.span
        .start;
    },
  };
}

/** A compose or bake file: the Dockerfiles that lie in it, and what it says of the builds of others. */
export function lookAtBuilds(source: Source, settings: FileSettings): Look {
  const discovery = { files: [], buildFiles: [{ path: source.path, isNamed: true }], errors: [] };
  const builds = new LintedBuilds(discovery, source.path, new Map([[source.path, source.text]]));
  const { findings } = builds.lintOuter(settings, source.path);
  const problems = builds.plan.errors.flatMap(({ error: { code, message, where = '' } }) => {
    // Of other files, and that it builds nothing, is no business of who types here.
    const place = where.startsWith(`${source.path}:`) ? /:(\d+):(\d+)$/.exec(where) : undefined;
    return place && code === 'E_CONFIG' ? [{ message, line: Number(place[1]), column: Number(place[2]) }] : [];
  });
  return {
    findings,
    problems,
    repaired: () => {
      const [repair] = builds.repairInline(new Map([[source.path, settings]]), undefined, () => () => true, {
        unsafe: false,
      });
      return repair?.after ?? source.text;
    },
    instructionAt: () => undefined,
  };
}
