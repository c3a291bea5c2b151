import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { type Command, Config, Errors, type Interfaces, run } from '@oclif/core';
import manifest from '../package.json' with { type: 'json' };
import { oclifCommand } from './base-command.ts';
import { DlintError } from './errors.ts';
import { type CommandId, type CommandSpec, commandSpecs, type Invocation } from './flags.ts';
import { reportThrown } from './run.ts';
import { didYouMean } from './suggest.ts';
import { openTerminal } from './terminal.ts';

/** All commands, for oclif's explicit discovery. */
export const commands: Readonly<Record<string, Command.Class>> = {
  lint: oclifCommand('lint'),
  inspect: oclifCommand('inspect'),
  cat: oclifCommand('cat'),
  extract: oclifCommand('extract'),
  diff: oclifCommand('diff'),
  check: oclifCommand('check'),
  shared: oclifCommand('shared'),
  sbom: oclifCommand('sbom'),
  explain: oclifCommand('explain'),
  rules: oclifCommand('rules'),
  init: oclifCommand('init'),
  config: oclifCommand('config'),
  lsp: oclifCommand('lsp'),
  completion: oclifCommand('completion'),
};

/**
 * Reads a command line that is not ordinary, and says what is wrong with it. The version is printed here; then there is
 * nothing left to run.
 * @throws DlintError E_USAGE
 */
export async function readWithOclif(argv: readonly string[]): Promise<Invocation | undefined> {
  process.stdout.prependListener('error', endUnlessNobodyReads);
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv];
  checkCommand(words);
  nameShell();
  try {
    return (await run(words, { root: import.meta.dirname, pjson: packageForOclif() })) as Invocation | undefined;
  } catch (thrown) {
    throw usageError(thrown) ?? thrown;
  }
}

/** oclif asks which shell the user has, and throws where the user is only a number (`docker run -u 1234`). */
function nameShell(): void {
  if (process.env.SHELL !== undefined) return;
  try {
    userInfo();
  } catch {
    process.env.SHELL = 'sh';
  }
}

/** What the build writes beside the bundle, so that oclif need not ask every command for its flags. */
export async function createManifest(): Promise<unknown> {
  const config = await Config.load({ root: import.meta.dirname, pjson: packageForOclif() });
  return (config.plugins.get(manifest.name) as { manifest?: unknown } | undefined)?.manifest;
}

function packageForOclif() {
  const oclif = {
    ...manifest.oclif,
    commands: { strategy: 'explicit', target: import.meta.filename, identifier: 'commands' },
  };
  return { ...manifest, oclif } as unknown as Interfaces.PJSON;
}

/** oclif would know a wrong command only after loading all of them, and has no idea what was meant. */
function checkCommand([word, ...rest]: readonly string[]): void {
  const [next] = rest;
  if (word !== undefined && Object.hasOwn(commands, word)) {
    checkSubcommand(word, next);
    checkSwitches(word, rest);
    return;
  }
  if (word === undefined || ['--help', '-h', '--version', '-V'].includes(word)) return;
  if (word.startsWith('-')) {
    throw new DlintError('E_USAGE', `there is no flag ${word} before the command`, {
      where: `dlint ${word}`,
      hint: flagHint(word),
    });
  }
  throw new DlintError('E_USAGE', `there is no command ${word}`, { where: `dlint ${word}`, hint: commandHint(word) });
}

function flagHint(word: string): string {
  const name = word.replace(/^-+|=.*$/g, '');
  const all: [string, CommandSpec][] = Object.entries(commandSpecs);
  const owner = all.find(([, { flags }]) =>
    Object.entries(flags).some(([flag, { char }]) => name === flag || name === char),
  );
  if (owner) return `flags stand behind the command: dlint ${owner[0]} ${word}`;
  return didYouMean(word, ['--help', '--version', '-h', '-V']) ?? 'dlint --help';
}

/** oclif takes the word behind a command without arguments for a part of the command's name. */
function checkSubcommand(command: string, next: string | undefined): void {
  const spec: CommandSpec | undefined = commandSpecs[command as CommandId];
  if (spec?.args.length !== 0 || next === undefined || next.startsWith('-')) return;
  throw new DlintError('E_USAGE', `unexpected argument: ${next}`, {
    where: `dlint ${command}`,
    hint: `dlint ${command} --help`,
  });
}

/** oclif takes `--fix=yes` for `--fix` and an argument. */
function checkSwitches(command: string, words: readonly string[]): void {
  const spec: CommandSpec | undefined = commandSpecs[command as CommandId];
  for (const word of words) {
    if (word === '--') return;
    const name = /^--([^=]+)=/.exec(word)?.[1];
    if (name === undefined || spec?.flags[name]?.kind !== 'boolean') continue;
    throw new DlintError('E_USAGE', `--${name} takes no value`, {
      where: `dlint ${command} ${word}`,
      hint: `--${name}, or leave it out`,
    });
  }
}

function commandHint(word: string): string {
  const stat = statSync(word, { throwIfNoEntry: false });
  if (stat) return `dlint ${/\.(tar|tgz|tar\.\w+)$/.test(word) ? 'inspect' : 'lint'} ${word}`;
  return didYouMean(word, Object.keys(commandSpecs)) ?? (word === 'version' ? 'dlint --version' : 'dlint --help');
}

/** oclif's complaints about a command line that no command of ours was asked for. */
function usageError(thrown: unknown): DlintError | undefined {
  if (!(thrown instanceof Errors.CLIError)) return undefined;
  return new DlintError('E_USAGE', thrown.message.split('\n', 1)[0] ?? thrown.message, { hint: 'dlint --help' });
}

/** Before oclif's own listener, which throws where nobody catches. */
function endUnlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  const failure = new DlintError('E_WRITE', 'cannot write to standard output', { where: error.message, cause: error });
  process.exit(reportThrown(failure, openTerminal(false)));
}
