import { apk } from '../../commands/apk.ts';
import { aptGet } from '../../commands/apt.ts';
import type { Invocation } from '../../commands/arguments.ts';
import { dnf, yum, zypper } from '../../commands/rpm.ts';
import type { Command, ShellWord } from '../../shell.ts';
import { install, type Need } from './need.ts';

/** An install of packages of the distribution, or of a language's image, by name. */
export function systemNeed(command: Command): Need | undefined {
  if (command.pipeline.position > 0) return undefined;
  const found = systemTool(command);
  if (found) {
    const isInstall = /^(install|add|groupinstall|build-dep|reinstall)$/.test(found.subcommand);
    return isInstall && isNamed(found.operands) ? install('never') : undefined;
  }
  return isImageInstall(command) ? install('never') : undefined;
}

/** `apt-get`, `apk`, `yum`, `dnf`, `zypper`. */
export function systemTool(command: Command): Invocation | undefined {
  return aptGet(command) ?? apk(command) ?? yum(command) ?? dnf(command) ?? zypper(command);
}

/** Files among the packages, or names read from a file: what it needs is not only in the command. */
function isNamed(operands: readonly ShellWord[]): boolean {
  const isName = ({ text, expansions }: ShellWord): boolean =>
    !/^\.{0,2}\/|\.(deb|rpm|apk)$/.test(text) && expansions.every(({ kind }) => kind === 'variable');
  return operands.length > 0 && operands.every(isName);
}

/** Installers that need nothing but the names they are given. */
function isImageInstall({ name, words }: Command): boolean {
  const [first] = words.slice(1);
  if (name === 'pacman') return /^-S[a-z]*$/.test(first?.text ?? '') && words.length > 2;
  if (!/^(docker-php-ext-install|install-php-extensions|pecl|cpanm|cpan|luarocks|install2\.r)$/.test(name))
    return false;
  const operands = words.slice(1).filter(({ text }) => !text.startsWith('-'));
  const packages = name === 'pecl' || name === 'luarocks' ? operands.slice(1) : operands;
  const isInstall = (name !== 'pecl' && name !== 'luarocks') || operands[0]?.text === 'install';
  return isInstall && isNamed(packages) && !words.some(({ text }) => text === '.' || text === '--installdeps');
}
