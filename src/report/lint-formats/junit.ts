import type { LintedFile, LintReport } from '../lint-report.ts';
import { placedIn, plainPath, xml } from './placed.ts';

/** JUnit's XML as Jenkins reads it: a suite for each file, a failing case for each finding, a passing one where there is none. */
export function* renderJunit(report: LintReport): Iterable<string> {
  const findings = report.files.reduce((sum, file) => sum + file.findings.length, 0);
  const tests = report.files.reduce((sum, file) => sum + Math.max(file.findings.length, 1), 0) + report.errors.length;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="dlint" tests="${tests}" failures="${findings}" errors="${report.errors.length}">\n`;
  for (const file of report.files) yield* suite(file);
  for (const { path, code, message } of report.errors) {
    const name = xml(plainPath(path));
    yield `  <testsuite name="${name}" tests="1" failures="0" errors="1">\n    <testcase name="${name}" classname="dlint">\n`;
    yield `      <error type="${xml(code)}" message="${xml(message)}"/>\n    </testcase>\n  </testsuite>\n`;
  }
  yield '</testsuites>\n';
}

function* suite(file: LintedFile): Iterable<string> {
  const name = xml(plainPath(file.source.path));
  const count = file.findings.length;
  yield `  <testsuite name="${name}" tests="${Math.max(count, 1)}" failures="${count}" errors="0">\n`;
  if (count === 0) yield `    <testcase name="dlint" classname="${name}"/>\n`;
  const names = new Map<string, number>();
  for (const { finding, start } of placedIn(file)) {
    const { rule, severity, message, help } = finding;
    const place = `${start.line}:${start.column}`;
    const title = `${rule} at ${place}`;
    const again = (names.get(title) ?? 0) + 1;
    names.set(title, again);
    // Servers take two cases of one name for one.
    yield `    <testcase name="${xml(again === 1 ? title : `${title} (${again})`)}" classname="${name}">\n`;
    yield `      <failure type="${severity}" message="${xml(message)}">${xml(`${plainPath(file.source.path)}:${place} ${help ?? ''}`.trim())}</failure>\n`;
    yield '    </testcase>\n';
  }
  yield '  </testsuite>\n';
}
