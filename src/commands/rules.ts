import { rules as allRules, repairs } from '../../rules/index.ts';
import type { InvocationOf } from '../flags.ts';
import { commandSpecs } from '../flags.ts';
import type { Preset } from '../lint/rule.ts';
import { presetLevel } from '../lint/rule-set.ts';
import { readOutputs, writeReport } from '../output.ts';
import { renderRulesJson, renderRulesTable } from '../report/rule-doc.ts';
import { describeRule } from '../rule-docs.ts';
import type { Terminal } from '../terminal.ts';

/** Lists the rules by id: all, or those that a preset switches on, as severe as there. */
export function rules({ flags }: InvocationOf<'rules'>, terminal: Terminal): 0 {
  const outputs = readOutputs(flags.format, commandSpecs.rules.formats);
  const preset = flags.preset as Preset | undefined;
  const docs = allRules
    .map((rule) => ({
      ...describeRule(rule, repairs[rule.id] ?? 'none'),
      ...(preset && { severity: presetLevel(rule, preset) }),
    }))
    .filter(({ severity }) => !preset || severity !== 'off')
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  writeReport(docs, outputs, { table: renderRulesTable, json: renderRulesJson }, terminal);
  return 0;
}
