import { rules } from '../../rules/index.ts';
import type { InvocationOf } from '../flags.ts';
import { commandSpecs } from '../flags.ts';
import { readOutputs, writeReport } from '../output.ts';
import { renderRulesJson, renderRuleText } from '../report/rule-doc.ts';
import { describeRule } from '../rule-docs.ts';
import { rulesNamed } from '../rule-names.ts';
import type { Terminal } from '../terminal.ts';

/** What a rule finds, and why. */
export function explain({ args, flags }: InvocationOf<'explain'>, terminal: Terminal): 0 {
  const outputs = readOutputs(flags.format, commandSpecs.explain.formats);
  const found = rulesNamed(args[0] as string, rules, 'dlint explain').map(describeRule);
  writeReport(found, outputs, { text: renderRuleText, json: renderRulesJson }, terminal);
  return 0;
}
