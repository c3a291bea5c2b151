// Lints a text. Nothing is read from disk, and nothing is thrown, whatever the text.
import { lint, rules, ruleSet } from 'dlint';

const chosen = ruleSet(rules, { preset: 'strict', settings: new Map([['DL3008', { level: 'off' }]]) });
const source = { path: 'Dockerfile', text: 'FROM python:3.13\nRUN pip install flask\n' };
const { findings } = lint(source, chosen);

for (const { rule, severity, message, location } of findings) {
  // Offsets are UTF-16 units into the text, the end exclusive.
  const { span } = location as { span: { start: number; end: number } };
  console.log(`${severity} ${rule}: ${message} (${source.text.slice(span.start, span.end)})`);
}
