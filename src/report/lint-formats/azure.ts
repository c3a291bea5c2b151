import type { LintReport } from '../lint-report.ts';
import { harmless, placedFindings, sentence } from './placed.ts';

/** Azure Pipelines' logging commands. It knows errors and warnings alone. */
export function* renderAzure(report: LintReport): Iterable<string> {
  for (const { finding, path, start } of placedFindings(report)) {
    const type = finding.severity === 'error' ? 'error' : 'warning';
    const place = `sourcepath=${property(path)};linenumber=${start.line};columnnumber=${start.column}`;
    yield `##vso[task.logissue type=${type};${place};code=${property(finding.rule)}]${data(sentence(finding))}\n`;
  }
  for (const { path, message } of report.errors) {
    yield `##vso[task.logissue type=error;sourcepath=${property(path)}]${data(message)}\n`;
  }
}

/** azure-pipelines-task-lib, taskcommand.ts. */
function data(text: string): string {
  return harmless(text).replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(']', '%5D').replaceAll(';', '%3B');
}
