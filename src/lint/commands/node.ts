import type { Command, ShellWord } from '../shell.ts';
import { type Invocation, option, readInvocation, type ToolSyntax } from './arguments.ts';
import { type PackageWord, packageWord, specialKind } from './packages.ts';

const npmSyntax: ToolSyntax = {
  valued: new Set([
    ...['--prefix', '-C', '--registry', '--tag', '--omit', '--include', '--loglevel', '--cache', '--userconfig', '-w'],
    ...[
      '--workspace',
      '--install-strategy',
      '--before',
      '--fetch-timeout',
      '--fetch-retries',
      '--maxsockets',
      '--only',
    ],
  ]),
  // npm-install(1), npm-ci(1): the aliases that the manual lists.
  synonyms: {
    ...Object.fromEntries(
      ['i', 'in', 'ins', 'inst', 'insta', 'instal', 'isnt', 'isnta', 'isntal', 'isntall', 'add'].map((name) => [
        name,
        'install',
      ]),
    ),
    ...{ 'clean-install': 'ci', ic: 'ci', 'install-clean': 'ci', 'isntall-clean': 'ci', run: 'run-script' },
    ...{ rm: 'uninstall', remove: 'uninstall', un: 'uninstall', up: 'update', upgrade: 'update', x: 'exec' },
  },
};

const yarnSyntax: ToolSyntax = {
  valued: new Set([
    '--cwd',
    '--cache-folder',
    '--modules-folder',
    '--registry',
    '--network-timeout',
    '--mutex',
    '--global-folder',
  ]),
};

const pnpmSyntax: ToolSyntax = {
  valued: new Set([
    '-C',
    '--dir',
    '--filter',
    '-F',
    '--store-dir',
    '--registry',
    '--reporter',
    '--loglevel',
    '--prefix',
  ]),
  synonyms: { i: 'install', rm: 'remove', un: 'remove', up: 'update' },
};

const bunSyntax: ToolSyntax = {
  valued: new Set(['--cwd', '--cache-dir', '--registry', '--config', '-c', '--backend', '--filter']),
  synonyms: { i: 'install', a: 'add', rm: 'remove' },
};

/** `npm`. `add` and `i` count as `install`, `clean-install` as `ci`. */
export function npm(command: Command): Invocation | undefined {
  return command.name === 'npm' ? readInvocation(command, 'npm', 1, npmSyntax) : undefined;
}

/** `yarn`, `yarnpkg`. A bare `yarn` is an install, `yarn --version` is none; `yarn global add` has subcommand `global add`. */
export function yarn(command: Command): Invocation | undefined {
  if (command.name !== 'yarn' && command.name !== 'yarnpkg') return undefined;
  const found = readInvocation(command, 'yarn', 1, yarnSyntax);
  if (found.subcommand === '') {
    const isQuestion = option(found, '--version', '-v', '--help', '-h') !== undefined;
    return isQuestion ? found : { ...found, subcommand: 'install' };
  }
  const [second, ...operands] = found.operands;
  if (found.subcommand !== 'global' || !second) return found;
  const head = { start: found.head.start, end: second.span.end };
  return { ...found, subcommand: `global ${second.text}`, subcommandWord: second, operands, head };
}

/** `pnpm`. */
export function pnpm(command: Command): Invocation | undefined {
  return command.name === 'pnpm' ? readInvocation(command, 'pnpm', 1, pnpmSyntax) : undefined;
}

/** `bun`. */
export function bun(command: Command): Invocation | undefined {
  return command.name === 'bun' ? readInvocation(command, 'bun', 1, bunSyntax) : undefined;
}

/** Package specifications (npm-package-arg): `name@1.2`, `@scope/name@tag`, git and file forms. */
export function npmPackages({ operands }: Invocation): readonly PackageWord[] {
  // npm takes a value behind any switch: --unsafe-perm true.
  return operands.filter(({ text }) => text !== 'true' && text !== 'false').map(npmPackage);
}

export function npmPackage(word: ShellWord): PackageWord {
  const special = specialKind(word, /\.(tgz|tar|tar\.gz)$/);
  const kind = special ?? (/^[^@/][^@]*\//.test(word.text) ? 'git' : 'registry');
  return packageWord(word, kind, /^(@[^/@]+\/[^@]+|[^@]+)(@)(.*)$/);
}

/** No version, or a tag such as `latest` that moves; a repository without a commit or tag: `user/name` is one on GitHub. */
export function isOpenNpm({ kind, operator, version, word }: PackageWord): boolean {
  if (kind === 'git')
    return /^(git\+|git:|github:|gitlab:|bitbucket:|[\w.-]+\/[\w.-]+$)/.test(word.text) && !word.text.includes('#');
  if (kind !== 'registry') return false;
  return operator === undefined || version === undefined || /^(\*|[a-z][a-z-]*)$/i.test(version);
}

/** `npm install ci`, which installs a package of that name where `npm ci` is meant. */
export function isMistakenCi(install: Invocation): boolean {
  const { subcommand, operands } = install;
  const isAlone = operands.length === 1 && operands[0]?.text === 'ci';
  return subcommand === 'install' && isAlone && option(install, '-g', '--global') === undefined;
}
