import { rules as allRules } from '../../rules/index.ts';
import { describeConfig } from '../config/describe-config.ts';
import { Configs } from '../config.ts';
import { commandSpecs, type InvocationOf } from '../flags.ts';
import { readOutputs, writeReport } from '../output.ts';
import { renderConfigJson, renderConfigText } from '../report/config-report.ts';
import { renderError } from '../report/error-text.ts';
import type { Terminal } from '../terminal.ts';

/** Prints what holds for a Dockerfile and where it was said. The file need not be there. 2 when a configuration is wrong. */
export async function config({ args, flags }: InvocationOf<'config'>, terminal: Terminal): Promise<0 | 2> {
  const outputs = readOutputs(flags.format, commandSpecs.config.formats);
  const path = args[0] ?? 'Dockerfile';
  const choice = { noPlugins: flags['no-plugins'] === true, ...(flags.config !== undefined && { file: flags.config }) };
  const loaded = await new Configs(choice, allRules).of(path);
  const errors = loaded && ('errors' in loaded ? loaded.errors : loaded.config.pluginErrors);
  if (!loaded || 'config' in loaded) {
    const report = describeConfig(path, loaded, allRules);
    writeReport(report, outputs, { text: renderConfigText, json: renderConfigJson }, terminal);
  }
  for (const error of errors ?? []) terminal.warn(renderError(error, terminal.err));
  return errors && errors.length > 0 ? 2 : 0;
}
