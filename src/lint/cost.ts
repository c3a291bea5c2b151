import { apk } from './commands/apk.ts';
import { aptGet } from './commands/apt.ts';
import { type Invocation, option } from './commands/arguments.ts';
import { bundle, cargo, composer, conda, gem, go, poetry } from './commands/languages.ts';
import { bun, npm, pnpm, yarn } from './commands/node.ts';
import { pip, pipPackages, uv } from './commands/pip.ts';
import { dnf, yum, zypper } from './commands/rpm.ts';
import type { CopyFacts, SemanticModel, Step } from './semantic/model.ts';
import type { Command } from './shell.ts';

/**
 * Layer order as a model. A builder runs a step again as soon as anything in front of it has changed; so a costly
 * step should stand in front of what changes more often than the step's own needs.
 */

/** How often something changes, seldom first. */
export type Volatility = 'never' | 'dependency-change' | 'source-change' | 'every-build';

const order: readonly Volatility[] = ['never', 'dependency-change', 'source-change', 'every-build'];

export function isMoreVolatile(a: Volatility, b: Volatility): boolean {
  return order.indexOf(a) > order.indexOf(b);
}

/** What a command costs, and how often what it needs changes. */
export interface Need {
  readonly work: 'install' | 'compile';
  readonly volatility: Volatility;
}

const install = (volatility: Volatility): Need => ({ work: 'install', volatility });
const compile: Need = { work: 'compile', volatility: 'source-change' };

/** What a command needs to do its work; undefined for commands that cost little or are not known. */
export function needOf(command: Command): Need | undefined {
  return systemNeed(command) ?? languageNeed(command) ?? buildNeed(command);
}

function systemNeed(command: Command): Need | undefined {
  const found = aptGet(command) ?? apk(command) ?? yum(command) ?? dnf(command) ?? zypper(command);
  if (!found || !/^(install|add|groupinstall)$/.test(found.subcommand)) return undefined;
  // Files among the packages, or names read from a file: what it needs is not only in the command.
  const isPlain = found.operands.every(({ text, expansions }) => {
    return !/^\.{0,2}\/|\.(deb|rpm|apk)$/.test(text) && expansions.every(({ kind }) => kind === 'variable');
  });
  return isPlain && found.operands.length > 0 && command.pipeline.position === 0 ? install('never') : undefined;
}

function languageNeed(command: Command): Need | undefined {
  return (
    nodeNeed(npm(command) ?? yarn(command) ?? pnpm(command) ?? bun(command)) ??
    pythonNeed(command) ??
    otherNeed(command)
  );
}

function nodeNeed(found: Invocation | undefined): Need | undefined {
  if (!found) return undefined;
  const { subcommand, operands } = found;
  if (subcommand === 'ci' || (subcommand === 'install' && operands.length === 0)) return install('dependency-change');
  const isNamed =
    /^(install|add|global add)$/.test(subcommand) &&
    operands.every(({ text }) => !/^\.{0,2}\//.test(text) && text !== '.');
  if (isNamed)
    return install(
      option(found, '-g', '--global') || found.subcommand === 'global add' ? 'never' : 'dependency-change',
    );
  return /^(run|run-script|build)$/.test(subcommand) ? compile : undefined;
}

function pythonNeed(command: Command): Need | undefined {
  const found = pip(command) ?? uv(command);
  if (!found) return undefined;
  if (found.subcommand === 'sync') {
    return option(found, '--no-install-project', '--no-install-workspace') ? install('dependency-change') : compile;
  }
  if (found.subcommand !== 'install' && found.subcommand !== 'pip install') return undefined;
  const isLocal =
    option(found, '-e', '--editable') || pipPackages(found).some(({ kind }) => kind === 'directory' || kind === 'file');
  if (isLocal) return compile;
  return install(option(found, '-r', '--requirement', '-c', '--constraint') ? 'dependency-change' : 'never');
}

function otherNeed(command: Command): Need | undefined {
  const rubyGems = gem(command);
  if (rubyGems?.subcommand === 'install') return install('never');
  if (bundle(command)?.subcommand === 'install' || composer(command)?.subcommand === 'install')
    return install('dependency-change');
  const goTool = go(command);
  if (goTool?.subcommand === 'mod download') return install('dependency-change');
  const isRemote = (found: Invocation): boolean =>
    found.operands.length > 0 && found.operands.every(({ text }) => text.includes('@'));
  if (goTool?.subcommand === 'install' && isRemote(goTool)) return install('never');
  if (goTool && /^(build|install|test|generate)$/.test(goTool.subcommand)) return compile;
  const crates = cargo(command);
  if (crates?.subcommand === 'fetch') return install('dependency-change');
  if (crates?.subcommand === 'install' && !option(crates, '--path')) return install('never');
  if (crates && /^(build|install|test|run)$/.test(crates.subcommand)) return compile;
  const environment = conda(command);
  if (environment?.subcommand === 'install')
    return install(option(environment, '-f', '--file') ? 'dependency-change' : 'never');
  if (environment && /^env (create|update)$/.test(environment.subcommand)) return install('dependency-change');
  const poems = poetry(command);
  if (poems?.subcommand === 'install')
    return option(poems, '--no-root', '--no-directory') ? install('dependency-change') : compile;
  return undefined;
}

/** Programs that build what has been copied. */
const builders =
  /^(make|cmake|ninja|meson|gcc|g\+\+|cc|clang|clang\+\+|javac|tsc|webpack|vite|mvnw?|gradlew?|ant|sbt|bazel|msbuild|rustc|ng|next)$/;

function buildNeed({ name, words }: Command): Need | undefined {
  const first = words.slice(1).find(({ text }) => !text.startsWith('-'))?.text ?? '';
  if (/^mvnw?$/.test(name) && /^dependency:(go-offline|resolve)/.test(first)) return install('dependency-change');
  if (/^gradlew?$/.test(name) && first === 'dependencies') return install('dependency-change');
  if (name === 'dotnet' && first === 'restore') return install('dependency-change');
  if (name === 'dotnet' && /^(build|publish|test)$/.test(first)) return compile;
  if (name === 'mix' && first === 'deps.get') return install('dependency-change');
  return builders.test(name) ? compile : undefined;
}

/** Names of arguments whose value is another one in every build. */
const everyBuild =
  /(^|_)(BUILD_?(DATE|TIME|TIMESTAMP|ID|NUMBER)|COMMIT(_?(SHA|HASH|ID|REF|DATE))?|GIT_?(SHA1?|COMMIT|HASH|REF|REV|REVISION|DESCRIBE)|VCS_?(REF|REVISION)|REVISION|CACHE_?BUST(ER)?|TIMESTAMP|DATE_?CREATED|CREATED)$/i;

/** How often what a step brings in changes; `never` for steps that bring in nothing. */
export function volatilityOf(step: Step): Volatility {
  const { instruction, copy } = step;
  if (step.deferred) return 'never';
  if (copy) return copyVolatility(copy);
  if (instruction.keyword === 'ARG' && instruction.pairs.some(({ key }) => everyBuild.test(key.text)))
    return 'every-build';
  if (instruction.keyword === 'ENV') {
    const isFresh = instruction.pairs.some(({ value }) => {
      return [...(value?.raw ?? '').matchAll(/\$\{?(\w+)/g)].some(([, name = '']) => {
        return everyBuild.test(name) && step.env.get(name)?.kind === 'arg';
      });
    });
    return isFresh ? 'every-build' : 'never';
  }
  return 'never';
}

/** Files that say what to install, and single settings: they change when dependencies do, not with every edit. */
function copyVolatility({ from, sources }: CopyFacts): Volatility {
  if (from.kind !== 'context') return 'never';
  const isTree = sources.some(({ kind, path, word }) => kind === 'path' && isFolder(path ?? word.text));
  if (isTree) return 'source-change';
  return sources.some(({ kind }) => kind === 'path' || kind === 'git') ? 'dependency-change' : 'never';
}

/** The whole context, a folder, or everything in one. A name without an extension may be either: only `/` tells. */
function isFolder(path: string): boolean {
  if (/^(\.\/?|\/|\.\/\.|\*|\.\/\*)$/.test(path)) return true;
  return (
    /\/$|\/\*\*?$/.test(path) || /^(\.\/|\/)?(src|app|lib|cmd|pkg|internal|packages|source|sources|code)$/.test(path)
  );
}

/** An install that runs again whenever something changes that it does not need. */
export interface LateInstall {
  readonly step: Step;
  readonly command: Command;
  readonly need: Need;
  /** The first step in front of it that changes more often than its needs. */
  readonly behind: Step;
  readonly volatility: Volatility;
}

/** Only so many volatile steps of a stage are looked at, so that time stays linear. */
const maxVolatile = 20;

/** Installs behind something that changes with every edit or every build, in the order of the file. */
export function* lateInstalls(model: SemanticModel): Generator<LateInstall> {
  for (const { steps } of model.stages) {
    const volatile: { step: Step; volatility: Volatility }[] = [];
    for (const step of steps) {
      const volatility = volatilityOf(step);
      if (isMoreVolatile(volatility, 'dependency-change') && volatile.length < maxVolatile)
        volatile.push({ step, volatility });
      if (step.instruction.keyword !== 'RUN' || step.deferred || volatile.length === 0) continue;
      for (const command of step.commands) {
        const need = needOf(command);
        if (need?.work !== 'install') continue;
        const behind = volatile.find((each) => !suppliesNeed(each.step, step, command));
        if (behind) yield { step, command, need, behind: behind.step, volatility: behind.volatility };
      }
    }
  }
}

/** Whether the install really needs what the volatile step brings. */
function suppliesNeed(behind: Step, step: Step, command: Command): boolean {
  const { instruction, copy } = behind;
  // Package sources, keys and settings of the system are what package managers read.
  if (copy) return /^\/(etc|usr\/share\/keyrings)(\/|$)/.test(copy.targetPath ?? '') || readsTree(step, command);
  if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') return false;
  const names = new Set(instruction.pairs.map(({ key }) => key.text));
  return step.commands.some((each) =>
    [...each.words, ...each.assignments.flatMap(({ value }) => value ?? [])].some(({ expansions }) =>
      expansions.some(({ name }) => name !== undefined && names.has(name)),
    ),
  );
}

/** A script of the tree runs in the same step before the install: it may prepare anything. */
function readsTree(step: Step, command: Command): boolean {
  for (const each of step.commands) {
    if (each === command) return false;
    if (/^\.{0,2}\/(?!usr\/|bin\/|sbin\/|opt\/)/.test(each.words[0]?.text ?? '') || needOf(each) === compile)
      return true;
    if (/^(sh|bash|python3?|node|source|\.)$/.test(each.name) && each.words[1] && !each.words[1].text.startsWith('-'))
      return true;
  }
  return false;
}
