import type { SemanticModel, Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import { isAnswered, mayHoldOptions } from './answers.ts';
import { type Invocation, option, readInvocation, type ToolSyntax } from './arguments.ts';
import { cleansUp, isMounted, isRemovedAfter } from './files.ts';
import { type PackageWord, packageWord, specialKind } from './packages.ts';
import { isSetBy } from './settings.ts';
import { fillInAll } from './unpinned.ts';

const yumSyntax: ToolSyntax = {
  valued: new Set([
    ...[
      '-c',
      '--config',
      '-d',
      '--debuglevel',
      '-e',
      '--errorlevel',
      '-x',
      '--exclude',
      '--excludepkgs',
      '--installroot',
    ],
    ...['--enablerepo', '--disablerepo', '--repo', '--repoid', '--releasever', '--setopt', '--disableplugin'],
    ...['--enableplugin', '--repofrompath', '--forcearch', '--downloaddir', '--destdir', '--comment', '--advisory'],
    ...['--color', '-R', '--randomwait', '--rpmverbosity', '--disableexcludes'],
  ]),
  synonyms: {
    in: 'install',
    up: 'upgrade',
    update: 'upgrade',
    rm: 'remove',
    erase: 'remove',
    'up-min': 'upgrade-minimal',
    rei: 'reinstall',
  },
};

const zypperSyntax: ToolSyntax = {
  valued: new Set([
    ...[
      '-c',
      '--config',
      '-R',
      '--root',
      '-D',
      '--reposd-dir',
      '-C',
      '--cache-dir',
      '--raw-cache-dir',
      '--solv-cache-dir',
    ],
    ...[
      '--pkg-cache-dir',
      '-p',
      '--plus-repo',
      '-r',
      '--repo',
      '--from',
      '-t',
      '--type',
      '--plus-content',
      '--releasever',
    ],
    ...['--installroot', '--userdata', '--gpg-auto-import-keys-file'],
  ]),
  synonyms: {
    in: 'install',
    rm: 'remove',
    up: 'update',
    dup: 'dist-upgrade',
    ref: 'refresh',
    cc: 'clean',
    si: 'source-install',
    ar: 'addrepo',
  },
};

/** `yum` (yum(8)). `update` counts as `upgrade`. */
export function yum(command: Command): Invocation | undefined {
  return command.name === 'yum' ? readInvocation(command, 'yum', 1, yumSyntax) : undefined;
}

/** `dnf`, `dnf5`, `microdnf` and `tdnf` (dnf(8)). `update` counts as `upgrade`. */
export function dnf(command: Command): Invocation | undefined {
  const isDnf = /^(dnf|dnf5|dnf-3|microdnf|tdnf)$/.test(command.name);
  return isDnf ? readInvocation(command, command.name, 1, yumSyntax) : undefined;
}

/** `zypper` (zypper(8)). */
export function zypper(command: Command): Invocation | undefined {
  return command.name === 'zypper' ? readInvocation(command, 'zypper', 1, zypperSyntax) : undefined;
}

/**
 * Packages of yum and dnf: `name-1.2-3.x86_64`. The version and the release are the last parts and start with a digit
 * or a variable, so `gcc-toolset-12-gcc` is a name; `nodejs:18` is a module's stream.
 */
export function rpmPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.map((word) =>
    packageWord(
      word,
      specialKind(word, /\.rpm$/) ?? 'registry',
      /^(.+?)(-(?=(?:\d+:)?[\d$])|:(?=[\w./]+$))([^-]*(?:-[\d$][^-]*)?)$/,
    ),
  );
}

/** What an `install` of yum or dnf names; of `module install`, the modules. Undefined for other subcommands. */
export function rpmInstall(invocation: Invocation | undefined): Invocation | undefined {
  if (invocation?.subcommand === 'install') return invocation;
  const [second, ...operands] = invocation?.operands ?? [];
  if (invocation?.subcommand !== 'module' || second?.text !== 'install') return undefined;
  return { ...invocation, operands };
}

/** A package without a version. Groups (`@development-tools`) have none. */
export function isOpenRpm({ kind, operator, name }: PackageWord): boolean {
  return kind === 'registry' && operator === undefined && !name.startsWith('@');
}

/** Packages of zypper: `name=1.2`, `name>1.2`. */
export function zypperPackages({ operands }: Invocation): readonly PackageWord[] {
  return operands.map((word) =>
    packageWord(word, specialKind(word, /\.rpm$/) ?? 'registry', /^([^=<>]+)([=<>]+)(.*)$/),
  );
}

/** Whether yum or dnf fetches packages, so that it leaves its cache. */
export function isRpmInstall({ subcommand, operands }: Invocation): boolean {
  if (/^(groups?|module)$/.test(subcommand)) return /^(install|update|upgrade)$/.test(operands[0]?.text ?? '');
  return /^((group|local)?install|(group)?upgrade|upgrade-minimal|groupupdate|localupdate|reinstall|downgrade|swap|distro-?sync|builddep|build-dep)$/.test(
    subcommand,
  );
}

/** Whether yum or dnf changes what is installed, so that it asks. */
function isRpmTransaction(invocation: Invocation): boolean {
  const { subcommand, operands } = invocation;
  if (/^(groups?|module)$/.test(subcommand) && /^(remove|enable|disable|reset)$/.test(operands[0]?.text ?? ''))
    return true;
  return isRpmInstall(invocation) || /^(auto|group)?remove$/.test(subcommand);
}

/** Where yum and the programs of dnf keep what they download. */
export const rpmCaches: readonly string[] = [
  '/var/cache/dnf',
  '/var/cache/libdnf5',
  '/var/cache/yum',
  '/var/cache/tdnf',
  '~/.cache/libdnf5',
];

/** Whether the RUN of an install by yum or dnf mounts the cache, or empties it afterwards. */
export function keepsRpmOut(install: Invocation, step: Step): boolean {
  const { command } = install;
  if (cleansUp(step, command, cleansRpm)) return true;
  const root = option(install, '--installroot')?.value ?? '';
  const folders = rpmCaches.map((folder) => `${root}${folder}`);
  return folders.some((folder) => isMounted(step, folder) || isRemovedAfter(step, command, folder));
}

/** Whether a command empties the cache of yum or dnf. */
function cleansRpm(command: Command): boolean {
  const found = yum(command) ?? dnf(command);
  return found?.subcommand === 'clean' && found.operands.some(({ text }) => /^(all|metadata)$/.test(text));
}

/**
 * All calls of yum or dnf that ask, and that nobody answers: no option, no setting in the configuration `file`, no pipe
 * into them.
 */
export function* askingRpmCalls(
  model: SemanticModel,
  read: (command: Command) => Invocation | undefined,
  file: RegExp,
): Generator<Invocation> {
  const isConfigured = isSetBy(model, { file, text: /\bassumeyes\s*=\s*(1|true|yes)\b/i });
  for (const { command, step } of model.commands) {
    const found = read(command) && read(fillInAll(command, step));
    if (!found || !isRpmTransaction(found) || option(found, '-y', '--assumeyes', '--assumeno')) continue;
    if (found.options.some(({ value }) => value?.startsWith('assumeyes='))) continue;
    if (mayHoldOptions(found.command) || isAnswered(command, step) || isConfigured(step)) continue;
    yield found;
  }
}
