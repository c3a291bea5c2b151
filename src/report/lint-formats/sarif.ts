import type { Finding, Severity } from '../finding.ts';
import type { LintReport } from '../lint-report.ts';
import { type Placed, placedFindings, wellFormed } from './placed.ts';

/** GitHub takes no more of one run, and a file of 10 MB at most; the worst come first. */
const MAX_RESULTS = 25_000;
const MAX_TEXT = 1000;

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', style: 'note' };
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2, style: 3 };
/** GitHub sorts security alerts by a number from 0 to 10. */
const SECURITY: Readonly<Record<Severity, string>> = { error: '8.0', warning: '6.0', info: '3.0', style: '1.0' };

/** SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for beyond the schema. */
export function* renderSarif(report: LintReport): Iterable<string> {
  const all = [...placedFindings(report)];
  const isMany = all.length > MAX_RESULTS;
  const chosen = isMany
    ? [...all].sort((a, b) => RANK[a.finding.severity] - RANK[b.finding.severity]).slice(0, MAX_RESULTS)
    : all;
  const rules = ruleTable(chosen, report);
  const driver = {
    name: report.tool.name,
    semanticVersion: report.tool.version,
    version: report.tool.version,
    rules: [...rules.values()].map(({ descriptor }) => descriptor),
  };
  yield `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{\n`;
  yield `"tool":${JSON.stringify({ driver })},\n`;
  yield `"automationDetails":{"id":"dlint/${report.category ?? 'lint'}/"},\n"columnKind":"utf16CodeUnits",\n`;
  yield `"invocations":[${JSON.stringify(invocation(report, isMany ? all.length - MAX_RESULTS : 0))}],\n"results":[`;
  let before = '\n';
  for (const one of chosen) {
    yield `${before}${JSON.stringify(result(one, rules.get(one.finding.rule)?.index ?? -1))}`;
    before = ',\n';
  }
  yield ']}]}\n';
}

function invocation({ errors }: LintReport, left: number) {
  const notes = [
    ...errors.map(({ path, message }) => ({ level: 'error', message: { text: `${path}: ${message}` } })),
    ...(left > 0 ? [{ level: 'warning', message: { text: `${left} more findings are left out` } }] : []),
  ];
  return {
    executionSuccessful: errors.length === 0,
    ...(notes.length > 0 ? { toolExecutionNotifications: notes } : {}),
  };
}

function ruleTable(all: readonly Placed[], report: LintReport) {
  const table = new Map<string, { index: number; descriptor: object }>();
  for (const { finding } of all) {
    if (!table.has(finding.rule)) table.set(finding.rule, { index: table.size, descriptor: describe(finding, report) });
  }
  return table;
}

function describe({ rule, aliases, category, severity }: Finding, { rules }: LintReport) {
  const { why, url, summary } = rules.get(rule) ?? { why: '', url: null };
  const short = summary || rule;
  const text = [short, why, aliases.length > 0 ? `Also known as ${aliases.join(', ')}.` : ''].filter(Boolean);
  return {
    id: rule,
    name: rule,
    shortDescription: { text: short.slice(0, MAX_TEXT) },
    fullDescription: { text: (why || short).slice(0, MAX_TEXT) },
    help: { text: text.join('\n\n'), markdown: [`**${short}**`, ...text.slice(1)].join('\n\n') },
    ...(url ? { helpUri: url } : {}),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: [category, ...aliases].slice(0, 10),
      precision: 'high',
      'problem.severity': severity === 'error' ? 'error' : severity === 'warning' ? 'warning' : 'recommendation',
      ...(category === 'security' ? { 'security-severity': SECURITY[severity] } : {}),
    },
  };
}

function result({ finding, path, start, end, place }: Placed, ruleIndex: number) {
  const { rule, severity, message, help, fingerprint, fix } = finding;
  // A colon in the first name of a path would make it a scheme (RFC 3986, 4.2).
  const uri = encodeURI(wellFormed(path))
    .replace(/[?#]/g, encodeURIComponent)
    .replace(/^[^/]*/, (first) => first.replaceAll(':', '%3A'));
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: help ? `${message}. ${capital(help)}.` : message },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: region(start, end) } }],
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'dlint/v1': fingerprint },
    ...(fix
      ? {
          fixes: [
            {
              description: { text: fix.title },
              artifactChanges: [
                {
                  artifactLocation: { uri },
                  replacements: fix.edits.map(({ span, text }) => ({
                    deletedRegion: region(place(span.start), place(span.end)),
                    insertedContent: { text },
                  })),
                },
              ],
            },
          ],
        }
      : {}),
  };
}

function region(start: Placed['start'], end: Placed['end']) {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
}
