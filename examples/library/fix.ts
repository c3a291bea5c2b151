// Repairs a text: every safe fix, again and again until nothing changes.
import { fixAll, lint, rules, ruleSet } from 'dlint';

const chosen = ruleSet(rules);
const source = { path: 'Dockerfile', text: 'FROM python:3.13\nRUN pip install flask\n' };
const { text, applied } = fixAll(source, (each) => lint(each, chosen).findings, { unsafe: false });

console.log(applied.map(({ rule, fix }) => `${rule}: ${fix?.title}`).join('\n'));
console.log(text);
