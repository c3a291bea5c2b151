// A rule of your own beside those that are there. docs/writing-rules.md has more; in a plugin it is the same object.
import { lint, rules, ruleSet } from 'dlint';
import { defineRule } from 'dlint/rule';

const noCurl = defineRule({
  id: 'acme/no-curl',
  category: 'security',
  severity: 'warning',
  summary: 'curl is used',
  why: 'Downloads go through the proxy of the company.',
  examples: [{ bad: 'FROM a\nRUN «curl» -O https://a.example/b\n' }],
  *check({ commands }) {
    for (const { command } of commands) {
      const [name] = command.words;
      if (command.name === 'curl' && name) yield { at: name.span, message: 'take acme-get instead of curl' };
    }
  },
});

const source = { path: 'Dockerfile', text: 'FROM debian:13.1\nRUN apt-get update && curl -O https://a.example/b\n' };
const { findings } = lint(source, ruleSet([...rules, noCurl]));
console.log(findings.filter(({ rule }) => rule === 'acme/no-curl').map(({ message }) => message));
