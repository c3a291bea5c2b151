import type { Command } from '../shell.ts';
import { type Invocation, readInvocation, type ToolSyntax } from './arguments.ts';
import { type PackageWord, packageWord, specialKind } from './packages.ts';

const syntax: ToolSyntax = {
  valued: new Set([
    ...[
      '-p',
      '--root',
      '-X',
      '--repository',
      '-t',
      '--virtual',
      '--arch',
      '--cache-dir',
      '--cache-max-age',
      '--keys-dir',
    ],
    ...['--repositories-file', '--progress-fd', '--wait', '--timeout'],
  ]),
};

/** `apk` (apk(8)). */
export function apk(command: Command): Invocation | undefined {
  return command.name === 'apk' ? readInvocation(command, 'apk', 1, syntax) : undefined;
}

/** The packages of `apk add`: `name=1.2`, `name~1.2`, `name>1`, `name@repository`, a `.apk` file. */
export function apkPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.map((word) =>
    packageWord(word, specialKind(word, /\.apk$/) ?? 'registry', /^([^=<>~]+)([=<>~]+)(.*)$/),
  );
}
