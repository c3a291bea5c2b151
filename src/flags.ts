/**
 * The command line as data: every command with its arguments, flags and examples. Both parsers (the lean one in
 * `command-line.ts` and oclif's), the help and the shell completion are made from this table.
 */
import type { FlagSpec } from './flags/common.ts';
import { cat, check, diff, extract, inspect, shared } from './flags/images.ts';
import { lint } from './flags/lint.ts';
import { lsp } from './flags/lsp.ts';
import { completion, configCommand, explain, init, rules } from './flags/rules.ts';
import { sbom } from './flags/sbom.ts';

export type { ArgSpec, CommandSpec, FailOn, FlagSpec } from './flags/common.ts';
export { failOnLevels, presetNames } from './flags/common.ts';

/** By the names that are typed. */
export const commandSpecs = {
  lint,
  inspect,
  cat,
  extract,
  diff,
  shared,
  check,
  sbom,
  explain,
  rules,
  init,
  config: configCommand,
  lsp,
  completion,
};

export type CommandId = keyof typeof commandSpecs;

type ValueOf<F extends FlagSpec> = F['kind'] extends 'boolean'
  ? boolean
  : F['kind'] extends 'list'
    ? readonly string[]
    : string;

/** The flags that were given, by name. One that was not given is absent. */
export type FlagValues<C extends CommandId> = {
  readonly [N in keyof (typeof commandSpecs)[C]['flags']]?: (typeof commandSpecs)[C]['flags'][N] extends FlagSpec
    ? ValueOf<(typeof commandSpecs)[C]['flags'][N]>
    : never;
};

/** A command line that was understood. */
export type Invocation = {
  [C in CommandId]: { readonly command: C; readonly args: readonly string[]; readonly flags: FlagValues<C> };
}[CommandId];

/** The command line of one command. */
export type InvocationOf<C extends CommandId> = Extract<Invocation, { readonly command: C }>;
