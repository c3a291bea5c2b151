import type { Command } from '../shell.ts';
import { apk, apkPackages } from './apk.ts';
import { aptGet, aptPackages } from './apt.ts';
import type { Invocation } from './arguments.ts';
import { composer, composerPackages, conda, condaPackages, gem, gemPackages } from './languages.ts';
import { bun, npm, npmPackages, pnpm, yarn } from './node.ts';
import type { PackageWord } from './packages.ts';
import { pip, pipPackages, uv } from './pip.ts';
import { dnf, rpmPackages, yum, zypper, zypperPackages } from './rpm.ts';

/** An install of packages that are named in the command. */
export interface PackageInstall {
  readonly install: Invocation;
  readonly packages: readonly PackageWord[];
}

interface Manager {
  readonly read: (command: Command) => Invocation | undefined;
  readonly installs: RegExp;
  readonly packages: (invocation: Invocation) => readonly PackageWord[];
}

const managers: readonly Manager[] = [
  { read: aptGet, installs: /^install$/, packages: aptPackages },
  { read: apk, installs: /^add$/, packages: apkPackages },
  { read: (command) => yum(command) ?? dnf(command), installs: /^install$/, packages: rpmPackages },
  { read: zypper, installs: /^install$/, packages: zypperPackages },
  { read: pip, installs: /^install$/, packages: pipPackages },
  { read: uv, installs: /^pip install$/, packages: pipPackages },
  {
    read: (command) => npm(command) ?? yarn(command) ?? pnpm(command) ?? bun(command),
    installs: /^(install|add|global add)$/,
    packages: npmPackages,
  },
  { read: gem, installs: /^install$/, packages: gemPackages },
  { read: composer, installs: /^(global )?require$/, packages: composerPackages },
  { read: conda, installs: /^(install|create)$/, packages: condaPackages },
];

/** Reads an install of any package manager. */
export function packageInstall(command: Command): PackageInstall | undefined {
  for (const { read, installs, packages } of managers) {
    const install = read(command);
    if (install) return installs.test(install.subcommand) ? { install, packages: packages(install) } : undefined;
  }
  return undefined;
}
