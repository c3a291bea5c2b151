import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { rules as allRules } from '../../rules/index.ts';
import { type Conversion, configText } from '../config/config-text.ts';
import { Configs } from '../config.ts';
import { DlintError } from '../errors.ts';
import { writeFile } from '../files.ts';
import type { InvocationOf } from '../flags.ts';
import { renderError } from '../report/error-text.ts';
import type { Terminal } from '../terminal.ts';

const name = '.dlint.yaml';

/** Writes a configuration to begin with; what hadolint's says goes into it. */
export async function init({ flags }: InvocationOf<'init'>, terminal: Terminal): Promise<0 | 2> {
  const there = ['.dlint.yaml', '.dlint.yml', '.dlint.json'].find((each) => statSync(each, { throwIfNoEntry: false }));
  if (there !== undefined && !flags.force) {
    throw new DlintError('E_USAGE', `there is a ${there} already`, {
      where: resolve(there),
      hint: `dlint config shows what it says; dlint init --force writes ${name} anew`,
    });
  }
  const loaded = await new Configs({ foreignOnly: true }, allRules).of('Dockerfile');
  if (loaded && 'errors' in loaded) {
    for (const error of loaded.errors) terminal.warn(renderError(error, terminal.err));
    return 2;
  }
  const conversion: Conversion | undefined = loaded && {
    config: loaded.config,
    held: loaded.resolver.of('Dockerfile'),
  };
  const shellcheck = spawnSync('shellcheck', ['--version'], { stdio: 'ignore' }).status === 0;
  writeFile(name, [configText({ shellcheck, ...(conversion && { conversion }) })]);
  terminal.print(summary(shellcheck, conversion));
  return 0;
}

function* summary(shellcheck: boolean, conversion: Conversion | undefined): Generator<string> {
  yield `wrote ${name}\n`;
  if (conversion) {
    const { config, held } = conversion;
    yield `  from ${config.path}: preset hadolint, failOn ${held.failOn}, ${held.rules.size} rules and codes\n`;
    for (const each of config.unmapped) yield `  not taken over: ${each}\n`;
    if (config.files.length > 0) yield `  ${config.path} is not read any more while ${name} is there\n`;
  }
  yield shellcheck
    ? '  shellcheck is installed, and switched on\n'
    : '  shellcheck is not installed: shellcheck: true switches it on\n';
  yield '\nNext: dlint lint; what holds for a file and why: dlint config Dockerfile\n';
}
