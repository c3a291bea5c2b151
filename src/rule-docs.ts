import { lint } from './lint/lint.ts';
import type { Rule } from './lint/rule.ts';
import { ruleSet } from './lint/rule-set.ts';
import { type RuleDoc, readMarks } from './report/rule-doc.ts';

/** A rule's documentation as data. */
export function describeRule(rule: Rule): RuleDoc {
  const { id, aliases = [], category, severity, summary, why, options = {}, examples } = rule;
  return {
    id,
    aliases,
    category,
    severity,
    summary,
    why,
    fixable: repairs(rule),
    options: Object.entries(options).map(([name, option]) => ({
      name,
      description: option.description,
      default: option.default,
    })),
    examples: examples.map(({ bad, good, note }) => ({
      ...(bad !== undefined && { bad }),
      ...(good !== undefined && { good }),
      ...(note !== undefined && { note }),
    })),
  };
}

/** Whether the rule repairs its first example that has a mended form: one is enough, a rule's examples agree in that. */
function repairs(rule: Rule): boolean {
  const example = rule.examples.find(
    ({ bad, good, fixed }) => bad !== undefined && good !== undefined && fixed !== false,
  );
  if (example?.bad === undefined) return false;
  const rules = ruleSet([rule], { settings: new Map([[rule.id, { level: 'on', options: example.options }]]) });
  const { findings } = lint({ path: '', text: readMarks(example.bad).text }, rules);
  return findings.some(({ fix }) => fix !== undefined);
}
