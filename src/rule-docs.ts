import { lint } from './lint/lint.ts';
import type { Example, Rule } from './lint/rule.ts';
import { presetLevel, ruleSet } from './lint/rule-set.ts';
import { type RuleDoc, readMarks } from './report/rule-doc.ts';
import { rulePage } from './rule-page.ts';

/** A rule's documentation as data. Without `repair`, the examples are linted to see what it is. */
export function describeRule(rule: Rule, repair: RuleDoc['repair'] = repairOf(rule)): RuleDoc {
  const { id, aliases = [], category, severity, summary, why, options = {}, examples, deviations = [] } = rule;
  return {
    id,
    aliases,
    category,
    severity,
    summary,
    why,
    url: rulePage(id),
    fixable: repair !== 'none',
    repair,
    presets: {
      strict: presetLevel(rule, 'strict'),
      hadolint: presetLevel(rule, 'hadolint'),
      buildkit: presetLevel(rule, 'buildkit'),
    },
    deviations,
    options: Object.entries(options).map(([name, option]) => ({
      name,
      description: `${option.description}${presetValues(rule, name)}`,
      default: option.default,
    })),
    examples: examples.map((example) => {
      const { bad, good } = example;
      const note = noteOf(example);
      return {
        ...(bad !== undefined && { bad }),
        ...(good !== undefined && { good }),
        ...(note !== undefined && { note }),
      };
    }),
  };
}

/** With what the compose file of the example says. */
function noteOf({ build, note }: Example): string | undefined {
  if (build === undefined) return note;
  const lines = build.replace(/[«»]/g, '').trim().split('\n');
  return [`compose.yaml builds it with ${lines.map((line) => `\`${line}\``).join(', ')}.`, note ?? ''].join(' ').trim();
}

/** ` In the preset hadolint: [].` */
function presetValues({ presetOptions = {} }: Rule, name: string): string {
  const values = Object.entries(presetOptions).flatMap(([preset, options]) =>
    Object.hasOwn(options, name) ? [` In the preset ${preset}: \`${JSON.stringify(options[name])}\`.`] : [],
  );
  return values.join('');
}

/** How the rule repairs its first example that has a mended form: one is enough, a rule's examples agree in that. */
function repairOf(rule: Rule): RuleDoc['repair'] {
  const example = rule.examples.find(
    ({ bad, good, fixed }) => bad !== undefined && good !== undefined && fixed !== false,
  );
  if (example?.bad === undefined) return 'none';
  const rules = ruleSet([rule], { settings: new Map([[rule.id, { level: 'on', options: example.options }]]) });
  const { findings } = lint({ path: '', text: readMarks(example.bad).text }, rules);
  const fix = findings.find((finding) => finding.fix !== undefined)?.fix;
  return fix ? (fix.safe ? 'safe' : 'unsafe') : 'none';
}
