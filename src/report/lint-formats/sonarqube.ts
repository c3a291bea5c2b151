import type { Category, Finding, Severity } from '../finding.ts';
import type { LintReport } from '../lint-report.ts';
import { type Placed, placedFindings, sentence } from './placed.ts';

const IMPACTS: Readonly<Record<Severity, string>> = { error: 'HIGH', warning: 'MEDIUM', info: 'LOW', style: 'LOW' };
const QUALITIES: Readonly<Record<Category, string>> = {
  correctness: 'RELIABILITY',
  security: 'SECURITY',
  size: 'MAINTAINABILITY',
  cache: 'MAINTAINABILITY',
  style: 'MAINTAINABILITY',
};

/** SonarQube's generic issue import format (10.3 and later: rules and issues). */
export function* renderSonarqube(report: LintReport): Iterable<string> {
  const all = [...placedFindings(report)];
  const rules = new Map(all.map(({ finding }) => [finding.rule, finding]));
  yield `{"rules":[${[...rules.values()].map((finding) => `\n${JSON.stringify(ruleOf(finding, report))}`).join(',')}],\n"issues":[`;
  let before = '\n';
  for (const one of all) {
    yield `${before}${JSON.stringify(issue(one))}`;
    before = ',\n';
  }
  yield ']}\n';
}

function ruleOf({ rule, category, severity }: Finding, { rules }: LintReport) {
  const known = rules.get(rule);
  return {
    id: rule,
    name: known?.summary || rule,
    description: known?.why || rule,
    engineId: 'dlint',
    cleanCodeAttribute: 'CONVENTIONAL',
    impacts: [{ softwareQuality: QUALITIES[category], severity: IMPACTS[severity] }],
  };
}

/** Columns count from 0, and a range must not be empty. */
function issue({ finding, path, start, end }: Placed) {
  const isRange = end.line > start.line || end.column > start.column;
  const textRange = isRange
    ? { startLine: start.line, startColumn: start.column - 1, endLine: end.line, endColumn: end.column - 1 }
    : { startLine: start.line };
  return { ruleId: finding.rule, primaryLocation: { message: sentence(finding), filePath: path, textRange } };
}
