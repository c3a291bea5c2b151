import type { Command, ShellWord } from '../shell.ts';
import { type Invocation, readInvocation, type ToolSyntax } from './arguments.ts';
import { type PackageWord, packageWord, specialKind } from './packages.ts';

const gemSyntax: ToolSyntax = {
  valued: new Set([
    ...[
      '-v',
      '--version',
      '-i',
      '--install-dir',
      '-n',
      '--bindir',
      '-s',
      '--source',
      '-P',
      '--trust-policy',
      '--platform',
    ],
    ...['-g', '--file', '--without', '-p', '--http-proxy', '-B', '--bulk-threshold', '--config-file', '--build-root'],
  ]),
  synonyms: { i: 'install' },
};

/** `gem` (RubyGems). */
export function gem(command: Command): Invocation | undefined {
  return /^gem(\d+(\.\d+)*)?$/.test(command.name) ? readInvocation(command, 'gem', 1, gemSyntax) : undefined;
}

/** `gem install name:1.2`. What stands behind `--` is for the build of an extension. */
export function gemPackages({ command, operands }: Invocation): readonly PackageWord[] {
  const end = command.words.find(({ text }) => text === '--')?.span.start ?? Number.POSITIVE_INFINITY;
  return operands
    .filter(({ span }) => span.start < end)
    .map((word) => packageWord(word, specialKind(word, /\.gem$/) ?? 'registry', /^([^:]+)(:)(.*)$/));
}

const bundleSyntax: ToolSyntax = {
  valued: new Set([
    '-j',
    '--jobs',
    '--path',
    '--without',
    '--with',
    '--gemfile',
    '--retry',
    '--binstubs',
    '--trust-policy',
  ]),
};

/** `bundle`; alone it is an install. */
export function bundle(command: Command): Invocation | undefined {
  if (command.name !== 'bundle' && command.name !== 'bundler') return undefined;
  const found = readInvocation(command, 'bundle', 1, bundleSyntax);
  return found.subcommand === '' ? { ...found, subcommand: 'install' } : found;
}

const goSyntax: ToolSyntax = {
  longDash: true,
  valued: new Set([
    '-o',
    '-p',
    '-ldflags',
    '-gcflags',
    '-asmflags',
    '-tags',
    '-mod',
    '-modfile',
    '-C',
    '-toolexec',
    '-pkgdir',
    '-buildmode',
  ]),
};

/** `go`; `go mod download` has subcommand `mod download`. */
export function go(command: Command): Invocation | undefined {
  return command.name === 'go'
    ? twoWords(readInvocation(command, 'go', 1, goSyntax), ['mod', 'work', 'tool'])
    : undefined;
}

/** Packages of `go install` and `go get`: `path@version`. */
export function goPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.map((word) => packageWord(word, specialKind(word, /\.go$/) ?? 'registry', /^([^@]+)(@)(.*)$/));
}

const cargoSyntax: ToolSyntax = {
  valued: new Set([
    ...[
      '--version',
      '--vers',
      '--git',
      '--branch',
      '--tag',
      '--rev',
      '--path',
      '--root',
      '--features',
      '-F',
      '--profile',
    ],
    ...[
      '--target',
      '--target-dir',
      '-j',
      '--jobs',
      '--registry',
      '--index',
      '--bin',
      '--package',
      '-p',
      '--manifest-path',
    ],
    ...['--config', '--color', '-Z', '--message-format', '--example', '--recipe-path'],
  ]),
  synonyms: { b: 'build', r: 'run', t: 'test' },
};

/** `cargo`; a toolchain such as `+nightly` is passed over. */
export function cargo(command: Command): Invocation | undefined {
  if (command.name !== 'cargo') return undefined;
  return readInvocation(command, 'cargo', command.words[1]?.text.startsWith('+') ? 2 : 1, cargoSyntax);
}

/** Crates of `cargo install`: `name@1.2`. */
export function cargoPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.map((word) => packageWord(word, specialKind(word, /\.crate$/) ?? 'registry', /^([^@]+)(@)(.*)$/));
}

const composerSyntax: ToolSyntax = {
  valued: new Set(['-d', '--working-dir', '--prefer-install', '--ignore-platform-req']),
  synonyms: { i: 'install', u: 'update', upgrade: 'update', req: 'require' },
};

/** `composer`, `composer.phar`, and `php composer.phar`; `composer global require` has subcommand `global require`. */
export function composer(command: Command): Invocation | undefined {
  const isPhp = command.name === 'php' && /(^|\/)composer(\.phar)?$/.test(command.words[1]?.text ?? '');
  if (!isPhp && command.name !== 'composer' && command.name !== 'composer.phar') return undefined;
  return twoWords(readInvocation(command, 'composer', isPhp ? 2 : 1, composerSyntax), ['global']);
}

/** Packages of `composer require`: `vendor/name:^1.2`, `vendor/name=1.2`, and `vendor/name ^1.2` as two words. */
export function composerPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.flatMap((word, i) => {
    if (isComposerVersion(word)) return [];
    const next = operands[i + 1];
    const found = packageWord(word, 'registry', /^([^:=\s]+)([:=\s])(.*)$/);
    return next && isComposerVersion(next) ? [{ ...found, operator: ' ', version: next.text }] : [found];
  });
}

function isComposerVersion({ text }: ShellWord): boolean {
  return /^(v?\d|[\^~><=*@]|dev-)/.test(text);
}

const condaSyntax: ToolSyntax = {
  valued: new Set([
    '-n',
    '--name',
    '-p',
    '--prefix',
    '-c',
    '--channel',
    '-f',
    '--file',
    '--solver',
    '--repodata-fn',
    '--subdir',
  ]),
};

/** `conda`, `mamba`, `micromamba`; `conda env create` has subcommand `env create`. */
export function conda(command: Command): Invocation | undefined {
  if (!/^(conda|mamba|micromamba)$/.test(command.name)) return undefined;
  return twoWords(readInvocation(command, command.name, 1, condaSyntax), ['env']);
}

/** Match specifications: `name=1.2`, `name==1.2`, `name 1.2`, `channel::name>=1`. */
export function condaPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.map((word) =>
    packageWord(
      word,
      specialKind(word, /\.(conda|tar\.bz2)$/) ?? 'registry',
      /^([^=<>!~\s]+)\s*([=<>!~]+|\s(?=\d))\s*(.*)$/,
    ),
  );
}

const poetrySyntax: ToolSyntax = {
  valued: new Set([
    '--with',
    '--without',
    '--only',
    '-E',
    '--extras',
    '-C',
    '--directory',
    '-P',
    '--project',
    '-G',
    '--group',
    '--source',
  ]),
};

/** `poetry`. */
export function poetry(command: Command): Invocation | undefined {
  return command.name === 'poetry' ? readInvocation(command, 'poetry', 1, poetrySyntax) : undefined;
}

function twoWords(found: Invocation, first: readonly string[]): Invocation {
  const [second, ...operands] = found.operands;
  if (!second || !first.includes(found.subcommand)) return found;
  const subcommandWord: ShellWord = second;
  const head = { start: found.head.start, end: second.span.end };
  return { ...found, subcommand: `${found.subcommand} ${second.text}`, subcommandWord, operands, head };
}
