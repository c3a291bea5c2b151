import { rules as allRules, repairs } from '../../rules/index.ts';
import { DlintError } from '../errors.ts';
import type { InvocationOf } from '../flags.ts';
import { commandSpecs } from '../flags.ts';
import { describeImageRules } from '../image-rule-docs.ts';
import type { Preset } from '../lint/rule.ts';
import { presetLevel } from '../lint/rule-set.ts';
import { type Output, readOutputs, writeReport } from '../output.ts';
import { renderImageRulesJson, renderImageRulesTable } from '../report/image-rule-doc.ts';
import { renderRulesJson, renderRulesTable } from '../report/rule-doc.ts';
import { describeRule } from '../rule-docs.ts';
import type { Terminal } from '../terminal.ts';

/** Lists the rules: those of images, or by id all of Dockerfiles, or those that a preset switches on, as severe as there. */
export function rules({ flags }: InvocationOf<'rules'>, terminal: Terminal): 0 {
  const outputs = readOutputs(flags.format, commandSpecs.rules.formats);
  if (flags.image) return listImageRules(outputs, flags.preset, terminal);
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

/** Those of `dlint check`. Presets are of Dockerfiles. */
function listImageRules(outputs: readonly Output[], preset: string | undefined, terminal: Terminal): 0 {
  if (preset !== undefined) {
    throw new DlintError('E_USAGE', 'rules of images have no presets', {
      where: `--image --preset ${preset}`,
      hint: 'leave one of them out',
    });
  }
  const docs = describeImageRules();
  writeReport(docs, outputs, { table: renderImageRulesTable, json: renderImageRulesJson }, terminal);
  return 0;
}
