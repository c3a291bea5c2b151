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
    fixable: repairsSome(rule),
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

/** Whether the rule repairs any of its own bad examples. */
function repairsSome(rule: Rule): boolean {
  return rule.examples.some(({ bad, options }) => {
    if (bad === undefined) return false;
    const rules = ruleSet([rule], { settings: new Map([[rule.id, { level: 'on', options }]]) });
    return lint({ path: '', text: readMarks(bad).text }, rules).findings.some(({ fix }) => fix !== undefined);
  });
}
