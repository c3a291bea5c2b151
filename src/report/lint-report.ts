import type { Finding, Severity, Source } from './finding.ts';

/** What one run of the linter has to say. */
export interface LintReport {
  readonly tool: { readonly name: string; readonly version: string };
  /** Every file that was linted, with or without findings. */
  readonly files: readonly LintedFile[];
  /** Paths that could not be linted. */
  readonly errors: readonly LintError[];
  /** For each rule that has a finding: why it exists, and where its documentation is. */
  readonly rules: ReadonlyMap<string, RuleFacts>;
  /** Whether the run repaired files. */
  readonly repaired: boolean;
  /** What was run, which tells its reports from others'; default `lint`. */
  readonly category?: 'lint' | 'check' | 'licenses';
}

export interface RuleFacts {
  /** Empty: not told. */
  readonly why: string;
  readonly url: string | null;
  readonly summary?: string;
}

export interface LintedFile {
  /** The text the findings refer to: after the repairs, when there were any. */
  readonly source: Source;
  /** In the order of the file. */
  readonly findings: readonly Finding[];
  /** How many findings were repaired. */
  readonly fixed: number;
  readonly leftOut?: LeftOut;
}

/** Findings that are not told of, counted. */
export interface LeftOut {
  /** In the baseline. */
  readonly known: number;
  /** On lines that did not change (`--since`, `--changed`). */
  readonly unchanged: number;
  /** Findings of the baseline that are not there any more. */
  readonly gone: number;
}

export interface LintError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface LintSummary extends LeftOut {
  readonly files: number;
  readonly findings: number;
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly style: number;
  /** Findings that `--fix` repairs. */
  readonly fixable: number;
  /** Findings that only `--fix-unsafe` repairs. */
  readonly unsafelyFixable: number;
  readonly fixed: number;
}

/** From the most to the least serious. */
export const severities: readonly Severity[] = ['error', 'warning', 'info', 'style'];

/** How many there are of each severity, and how many can be repaired. */
export function summarize(report: LintReport): LintSummary {
  const count = { error: 0, warning: 0, info: 0, style: 0 };
  let fixable = 0;
  let unsafelyFixable = 0;
  let fixed = 0;
  const leftOut = { known: 0, unchanged: 0, gone: 0 };
  for (const file of report.files) {
    fixed += file.fixed;
    for (const kind of ['known', 'unchanged', 'gone'] as const) leftOut[kind] += file.leftOut?.[kind] ?? 0;
    for (const { severity, fix } of file.findings) {
      count[severity]++;
      if (fix?.safe) fixable++;
      else if (fix) unsafelyFixable++;
    }
  }
  const findings = count.error + count.warning + count.info + count.style;
  return { files: report.files.length, findings, ...count, fixable, unsafelyFixable, fixed, ...leftOut };
}
