import { rules } from '../rules/index.ts';
import { parse } from './lint/parse.ts';
import { analyze } from './lint/semantic.ts';
import { lintFiles } from './lint-files.ts';
import { LintSettings } from './lint-settings.ts';
import type { ImageReport } from './report/image-report.ts';
import { tracedReport } from './trace/traced-report.ts';
import { type BuildFlags, checkTarget } from './trace-flags.ts';

/**
 * Adds to a report which lines of a Dockerfile made the layers, and the findings of these lines by the configuration
 * that holds for the file. Errors: those of reading the file, `E_USAGE` for a stage that it does not have.
 */
export async function traceDockerfile(report: ImageReport, path: string, build: BuildFlags = {}): Promise<ImageReport> {
  const given = [...(build.buildArgs ?? [])].map(([name, value]) => `${name}=${value}`);
  const settings = new LintSettings({ 'build-arg': given }, rules);
  const linted = await lintFiles([path], {
    choose: (found) => settings.choose(found, [path]),
    repair: 'no',
    unsafe: false,
    stdinName: 'Dockerfile',
  });
  const [file] = linted.files;
  const [failed] = linted.errors;
  if (!file) throw failed?.error ?? new Error(`${path} was not linted`);
  const model = analyze(parse(file.source), build);
  checkTarget(model, build.target);
  return tracedReport(report, model, file.findings);
}
