import { type Invocation, option } from '../../commands/arguments.ts';
import { bun, npm, pnpm, yarn } from '../../commands/node.ts';
import type { Command } from '../../shell.ts';
import { compile, install, installOf, type Need } from './need.ts';

const manifests: Readonly<Record<string, readonly string[]>> = {
  npm: ['package.json', 'package-lock.json*'],
  yarn: ['package.json', 'yarn.lock*'],
  pnpm: ['package.json', 'pnpm-lock.yaml*', 'pnpm-workspace.yaml*'],
  bun: ['package.json', 'bun.lock*'],
};

/** `npm`, `yarn`, `pnpm`, `bun`, `bower`. */
export function nodeNeed(command: Command): Need | undefined {
  if (command.name === 'bower' && command.words[1]?.text === 'install') return installOf('bower', 'bower.json');
  const found = npm(command) ?? yarn(command) ?? pnpm(command) ?? bun(command);
  if (!found) return undefined;
  const { subcommand } = found;
  // What it fetches, an install of the same project finds.
  if (found.tool === 'pnpm' && subcommand === 'fetch')
    return installOf('node', 'pnpm-lock.yaml', 'pnpm-workspace.yaml*');
  if (/^(ci|install|add)$/.test(subcommand)) return installNeed(found);
  if (subcommand === 'global add') return hasLocal(found) ? undefined : install('never');
  return /^(run|run-script|build)$/.test(subcommand) ? compile : undefined;
}

function installNeed(found: Invocation): Need | undefined {
  const isGlobal = option(found, '-g', '--global') !== undefined || option(found, '--location')?.value === 'global';
  if (isGlobal) return hasLocal(found) || isProject(found) ? undefined : install('never');
  if (hasLocal(found)) return undefined;
  const folder = option(found, '--prefix', '-C', '--cwd', '--dir')?.value;
  const files = found.subcommand === 'ci' ? ['package*.json'] : (manifests[found.tool] ?? []);
  const need = installOf('node', ...files);
  return folder === undefined ? need : { ...need, folder };
}

/** `npm install .`: the project itself. */
function isProject({ operands }: Invocation): boolean {
  return operands.length === 0 || operands.some(({ text }) => /^\.\/?$/.test(text));
}

/** Folders and archives among the packages. */
function hasLocal({ operands }: Invocation): boolean {
  return operands.some(({ text }) => /^(\.{0,2}|\$\{?\w+\}?)\/.|^file:|\.tgz$/.test(text) && !/^\.\/?$/.test(text));
}
