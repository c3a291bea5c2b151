import type { InlineDockerfile } from './build-files.ts';
import { byPosition, distinctFingerprints } from './merge-runs.ts';
import type { Edit, Finding, Fix, Source } from './report/finding.ts';
import type { LintedFile } from './report/lint-report.ts';
import type { Sieve } from './sieve.ts';

/** Findings in compose and bake files: of rules about builds, and in Dockerfiles inside of them. */
export class OuterFindings {
  readonly #files = new Map<string, { source: Source; findings: Finding[]; ran: ((rule: string) => boolean)[] }>();

  /** @param ran which rules were looked at */
  add(source: Source, findings: readonly Finding[], ran: (rule: string) => boolean): void {
    const file = this.#files.get(source.path) ?? { source, findings: [], ran: [] };
    file.findings.push(...findings);
    file.ran.push(ran);
    this.#files.set(source.path, file);
  }

  /** What is in `source` itself; the rest is kept here. */
  divide(source: Source, findings: readonly Finding[], ran: (rule: string) => boolean): readonly Finding[] {
    const own: Finding[] = [];
    for (const finding of findings) {
      const { location } = finding;
      if (!('span' in location) || location.source.path === source.path) own.push(finding);
      else this.add(location.source, [finding], ran);
    }
    return own;
  }

  /** @param fixed how many findings of each file were repaired */
  finish(sieve: Sieve | undefined, fixed: ReadonlyMap<string, number>): readonly LintedFile[] {
    return [...this.#files.values()].map(({ source, findings, ran }) => {
      const all = distinctFingerprints([...distinctPlaces(findings)].sort(byPosition));
      const sift = sieve?.of(source, (rule) => ran.some((each) => each(rule)));
      return { source, findings: all, fixed: fixed.get(source.path) ?? 0, ...sift?.(source, all) };
    });
  }
}

/** Several Dockerfiles may be built by one place, behind an anchor or of a service that others extend. */
function distinctPlaces(findings: readonly Finding[]): Iterable<Finding> {
  const distinct = new Map<string, Finding>();
  for (const finding of findings) {
    const { location, rule, message } = finding;
    const { start, end } = 'span' in location ? location.span : { start: 0, end: 0 };
    distinct.set(`${rule}\0${start}\0${end}\0${message}`, finding);
  }
  return distinct.values();
}

/** The findings of a Dockerfile inside of another file, in that file; a repair only where it can be written there. */
export function toOuter(findings: readonly Finding[], { file, text }: InlineDockerfile): readonly Finding[] {
  return findings.map(({ fix, location, ...finding }) => {
    const span = text.outer('span' in location ? location.span : { start: 0, end: 0 });
    const edits = fix && outerEdits(fix, text, file);
    return { ...finding, location: { source: file, span }, ...(fix && edits && { fix: { ...fix, edits } }) };
  });
}

/** The whole text is replaced, as far as it differs: an edit may go over the indentation of several lines. */
function outerEdits(
  { edits }: Fix,
  { text, write, span }: InlineDockerfile['text'],
  file: Source,
): readonly Edit[] | undefined {
  if (!write) return undefined;
  const after = write(
    [...edits]
      .sort((a, b) => b.span.start - a.span.start)
      .reduce((result, { span: at, text: added }) => result.slice(0, at.start) + added + result.slice(at.end), text),
  );
  const before = file.text.slice(span.start, span.end);
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < Math.min(before.length, after.length) - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const place = { start: span.start + head, end: span.end - tail };
  return [{ span: place, text: after.slice(head, after.length - tail) }];
}
