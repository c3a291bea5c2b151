import type { SemanticModel, Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import { mayHoldOptions } from './answers.ts';
import { type Invocation, readInvocation, type ToolSyntax } from './arguments.ts';
import { type PackageWord, packageWord, specialKind } from './packages.ts';
import { isSetBy } from './settings.ts';
import { fillInAll } from './unpinned.ts';

const syntax: ToolSyntax = {
  valued: new Set([
    '-t',
    '--target-release',
    '--default-release',
    '-o',
    '--option',
    '-c',
    '--config-file',
    '-a',
    '--host-architecture',
  ]),
};

/** `apt-get`, `apt` and `aptitude` (apt-get(8), apt(8), aptitude(8)). `tool` tells which. */
export function aptGet(command: Command): Invocation | undefined {
  const { name } = command;
  return name === 'apt-get' || name === 'apt' || name === 'aptitude'
    ? readInvocation(command, name, 1, syntax)
    : undefined;
}

/** The packages of an `apt-get install`: `name=version`, `name/release`, `name:arch`, a `.deb` file. */
export function aptPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.map((word) => packageWord(word, specialKind(word, /\.deb$/) ?? 'registry', /^([^=/]+)([=/])(.*)$/));
}

/** The value of an APT option such as `APT::Install-Recommends` on the command line, lower case. */
export function aptSetting({ options }: Invocation, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const option of options.toReversed()) {
    if (option.name !== '-o' && option.name !== '--option') continue;
    const [key = '', value = ''] = (option.value ?? '').split(/=(.*)/s);
    if (key.toLowerCase() === wanted) return value.replace(/^["']|["']$/g, '').toLowerCase();
  }
  return undefined;
}

/**
 * All calls of apt whose options are known, variables filled in, where no apt.conf of the image makes the setting that
 * `setting` matches: these stand for themselves.
 */
export function* plainAptCalls(
  model: SemanticModel,
  setting: RegExp,
): Generator<{ readonly found: Invocation; readonly command: Command; readonly step: Step }> {
  const isConfigured = isSetBy(model, { file: /\/etc\/apt\/apt\.conf/, text: setting });
  for (const { command, step } of model.commands) {
    const found = aptGet(command) && aptGet(fillInAll(command, step));
    if (found && !mayHoldOptions(found.command) && !isConfigured(step)) yield { found, command, step };
  }
}
