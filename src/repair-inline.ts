import type { InlineDockerfile } from './build-files.ts';
import { applyEdits, applyFixes, fixAll } from './lint/fix.ts';
import type { Repair } from './lint-one-file.ts';
import { toOuter } from './outer-findings.ts';
import type { Edit, Finding, Source } from './report/finding.ts';
import type { FileSieve } from './sieve.ts';

export interface InlineRepairOptions {
  readonly unsafe: boolean;
  /** Lints an inner text. */
  lint(inline: InlineDockerfile, source: Source): readonly Finding[];
  /** What is reported of the outer file; only that is repaired. */
  sieveOf(file: Source): FileSieve | undefined;
}

/** What repairs make of the files that these Dockerfiles lie in, where they can be written back. */
export function repairInline(inlines: readonly InlineDockerfile[], options: InlineRepairOptions): readonly Repair[] {
  const files = new Map<Source, InlineDockerfile[]>();
  for (const inline of inlines) files.set(inline.file, [...(files.get(inline.file) ?? []), inline]);
  return [...files].flatMap(([file, own]) => repairFile(file, own, options) ?? []);
}

function repairFile(
  file: Source,
  inlines: readonly InlineDockerfile[],
  options: InlineRepairOptions,
): Repair | undefined {
  const edits: Edit[] = [];
  let fixed = 0;
  const repair = repairOf(file, inlines, options);
  for (const inline of inlines) {
    const { write, text, span } = inline.text;
    if (!write || inline.path === '-') continue;
    const { text: after, applied } = repair(inline);
    if (after !== text) edits.push({ span, text: write(after) });
    fixed += applied.length;
  }
  const { path, text } = file;
  return edits.length === 0 ? undefined : { path, before: text, after: applyEdits(text, edits), isStdin: false, fixed };
}

type RepairText = (inline: InlineDockerfile) => { readonly text: string; readonly applied: readonly Finding[] };

function repairOf(file: Source, inlines: readonly InlineDockerfile[], options: InlineRepairOptions): RepairText {
  const { unsafe, lint, sieveOf } = options;
  const sieve = sieveOf(file);
  if (!sieve) return (inline) => fixAll(sourceOf(inline), (each) => lint(inline, each), { unsafe });
  // What is new shows among all findings of the file; and their places in it are known for the first round alone.
  const found = new Map(inlines.map((inline) => [inline, pairs(inline, lint(inline, sourceOf(inline)))]));
  const outer = [...found.values()].flat().map((pair) => pair.outer);
  const kept = new Set(sieve(file, outer).findings);
  return (inline) => {
    const own = (found.get(inline) ?? []).filter((pair) => kept.has(pair.outer)).map(({ inner }) => inner);
    return applyFixes(inline.text.text, own, { unsafe });
  };
}

function pairs(inline: InlineDockerfile, findings: readonly Finding[]) {
  const outer = toOuter(findings, inline);
  return findings.map((inner, i) => ({ inner, outer: outer[i] as Finding }));
}

function sourceOf({ file: { path }, text: { text } }: InlineDockerfile): Source {
  return { path, text };
}
