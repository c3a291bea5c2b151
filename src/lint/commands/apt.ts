import type { Command } from '../shell.ts';
import { type Invocation, readInvocation, type ToolSyntax } from './arguments.ts';
import { type PackageWord, packageWord, specialKind } from './packages.ts';

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
