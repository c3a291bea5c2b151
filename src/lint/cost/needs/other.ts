import { type Invocation, option } from '../../commands/arguments.ts';
import { bundle, cargo, composer, gem, go } from '../../commands/languages.ts';
import type { Command } from '../../shell.ts';
import { compile, compileWith, install, installOf, type Need } from './need.ts';
import { tableNeed } from './table.ts';

/** Ruby, PHP, Go, Rust, and what stands in the table. */
export function languageNeed(command: Command): Need | undefined {
  return rubyNeed(command) ?? phpNeed(command) ?? goNeed(command) ?? cargoNeed(command) ?? tableNeed(command);
}

function rubyNeed(command: Command): Need | undefined {
  const gems = gem(command);
  if (gems?.subcommand === 'install') return gems.operands.some(isFile) ? undefined : install('never');
  return bundle(command)?.subcommand === 'install' ? installOf('bundle', 'Gemfile*') : undefined;
}

function isFile({ text }: { readonly text: string }): boolean {
  return /^\.{0,2}\/|\.(gem|crate)$/.test(text);
}

/** Composer's scripts and its autoloader read the sources, if not told otherwise. */
function phpNeed(command: Command): Need | undefined {
  const found = composer(command);
  if (!found) return undefined;
  if (found.subcommand === 'global require') return install('never');
  if (!/^(install|require|update)$/.test(found.subcommand)) return undefined;
  const folder = option(found, '-d', '--working-dir')?.value;
  const isAlone = option(found, '--no-scripts') !== undefined && option(found, '--no-autoloader') !== undefined;
  return {
    ...installOf('composer', 'composer.json', 'composer.lock*'),
    ...(isAlone ? {} : { besides: 'with --no-scripts --no-autoloader, and composer dump-autoload behind the sources' }),
    ...(folder === undefined ? {} : { folder }),
  };
}

function goNeed(command: Command): Need | undefined {
  const found = go(command);
  if (!found) return undefined;
  const isRemote = found.operands.length > 0 && found.operands.every(({ text }) => text.includes('@'));
  if (found.subcommand === 'mod download') return installOf('go', 'go.mod', 'go.sum*');
  if (/^(install|get)$/.test(found.subcommand) && isRemote) return install('never');
  const isOfSources = found.operands.length > 0 && found.operands.every(({ text }) => text.startsWith('.'));
  if (found.subcommand === 'build' || (found.subcommand === 'get' && isOfSources)) {
    const isVendored = option(found, '-mod')?.value === 'vendor' || assigned(command, 'GOFLAGS').includes('vendor');
    return isVendored ? compile : compileWith('go', 'go mod download', '/go/pkg/mod', 'go.mod', 'go.sum');
  }
  return /^(install|test|generate|get|run|vet)$/.test(found.subcommand) ? compile : undefined;
}

function assigned({ assignments }: Command, name: string): string {
  return assignments.find((each) => each.name === name)?.value?.text ?? '';
}

/** `cargo fetch` wants the sources of a target, so that copying the manifests is not enough. */
function cargoNeed(command: Command): Need | undefined {
  const found = cargo(command);
  if (!found) return undefined;
  const { subcommand } = found;
  if (subcommand === 'chef') return chefNeed(found);
  if (subcommand === 'fetch')
    return { ...installOf('cargo', 'Cargo.toml', 'Cargo.lock*'), besides: 'with an empty src/main.rs or src/lib.rs' };
  if (subcommand === 'install') return option(found, '--path') || isDot(found) ? compile : install('never');
  if (subcommand === 'build') {
    const build = compileWith('cargo', 'cargo build', '/usr/local/cargo/registry', 'Cargo.toml', 'Cargo.lock*');
    return { ...build, besides: 'with an empty src/main.rs, or through cargo-chef' };
  }
  return /^(test|run|rustc|check)$/.test(subcommand) ? compile : undefined;
}

/** cargo-chef: `cook` builds the dependencies that a recipe lists, `prepare` makes the recipe of the sources. */
function chefNeed(found: Invocation): Need {
  if (found.operands[0]?.text !== 'cook') return compile;
  return installOf('cargo', option(found, '--recipe-path')?.value ?? 'recipe.json');
}

function isDot({ operands }: Invocation): boolean {
  return operands.some(({ text }) => text.startsWith('.'));
}
