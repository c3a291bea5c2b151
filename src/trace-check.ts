import { readDockerfile } from './files.ts';
import { parse } from './lint/parse.ts';
import { analyze } from './lint/semantic.ts';
import type { CheckReport } from './report/check-report.ts';
import type { TracedEntry } from './trace/trace.ts';
import { tracedCheck } from './trace/traced-check.ts';
import { type BuildFlags, checkTarget } from './trace-flags.ts';

/** Adds to the findings which lines of a Dockerfile brought them. Errors: those of reading the file, `E_USAGE`. */
export function traceCheck(
  report: CheckReport,
  history: readonly TracedEntry[],
  path: string,
  build: BuildFlags,
): CheckReport {
  const { text } = readDockerfile(path);
  const model = analyze(parse({ path, text }), build);
  checkTarget(model, build.target);
  return tracedCheck(report, model, history);
}
