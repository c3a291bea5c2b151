import type { Rule } from './lint/rule.ts';
import type { RuleDoc } from './report/rule-doc.ts';

/** A rule's documentation as data. */
export function describeRule({
  id,
  aliases = [],
  category,
  severity,
  summary,
  why,
  options = {},
  examples,
}: Rule): RuleDoc {
  return {
    id,
    aliases,
    category,
    severity,
    summary,
    why,
    // A repaired form stands beside the bad one where the rule has a repair.
    fixable: examples.some(({ bad, good, fixed }) => bad !== undefined && good !== undefined && fixed !== false),
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
