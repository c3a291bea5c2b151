import { rules } from '../../rules/index.ts';
import { imageRules } from '../check/image-rules.ts';
import { Configs } from '../config.ts';
import type { InvocationOf } from '../flags.ts';
import { commandSpecs } from '../flags.ts';
import { imageRuleNamed } from '../image-rule-docs.ts';
import type { Rule } from '../lint/rule.ts';
import { readOutputs, writeReport } from '../output.ts';
import { renderImageRulesJson, renderImageRuleText } from '../report/image-rule-doc.ts';
import { renderRulesJson, renderRuleText } from '../report/rule-doc.ts';
import { describeRule } from '../rule-docs.ts';
import { rulesNamed } from '../rule-names.ts';
import type { Terminal } from '../terminal.ts';

/** What a rule finds, and why. */
export async function explain({ args, flags }: InvocationOf<'explain'>, terminal: Terminal): Promise<0> {
  const outputs = readOutputs(flags.format, commandSpecs.explain.formats);
  const name = args[0] as string;
  const ofImages = imageRuleNamed(name);
  if (ofImages) {
    writeReport([ofImages], outputs, { text: renderImageRuleText, json: renderImageRulesJson }, terminal);
    return 0;
  }
  const known = name.includes('/') ? await withPlugins() : rules;
  const found = rulesNamed(name, known, 'dlint explain', Object.keys(imageRules)).map((rule) => describeRule(rule));
  writeReport(found, outputs, { text: renderRuleText, json: renderRulesJson }, terminal);
  return 0;
}

/** The rules of the plugins that the configuration of the working directory names, too. */
async function withPlugins(): Promise<readonly Rule[]> {
  const loaded = await new Configs({}, rules).of('Dockerfile');
  const [error] = loaded && 'errors' in loaded ? loaded.errors : (loaded?.config.pluginErrors ?? []);
  if (error) throw error;
  return loaded && 'config' in loaded ? loaded.config.rules : rules;
}
