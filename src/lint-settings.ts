import { readBuildArgs } from './build-args.ts';
import type { Config, FileConfig, RuleLine } from './config/config.ts';
import { Configs } from './config.ts';
import { DlintError } from './errors.ts';
import type { FailOn, FlagValues } from './flags.ts';
import type { Preset, Rule } from './lint/rule.ts';
import { type RuleSetting, ruleSet } from './lint/rule-set.ts';
import type { ChosenSettings } from './lint-files.ts';
import type { FileSettings } from './lint-one-file.ts';
import type { Severity } from './report/finding.ts';
import { isShellCheckCode, namedRules } from './rule-names.ts';
import type { ShellCheck, ShellCheckOptions } from './shellcheck.ts';

type LintFlags = FlagValues<'lint'>;

/** What flags say about rules; it beats every configuration. */
interface Selection {
  readonly isAll: boolean;
  readonly selected?: { readonly ids: ReadonlySet<string>; readonly codes: ReadonlySet<string> };
  readonly ignored: { readonly ids: ReadonlySet<string>; readonly codes: ReadonlySet<string> };
}

/** Flags and configurations put together: what each file of a run is linted with. */
export class LintSettings {
  readonly #flags: LintFlags;
  readonly #configs: Configs;
  readonly #buildArgs: ReadonlyMap<string, string>;
  readonly #made = new Map<FileConfig | undefined, FileSettings>();
  readonly #failOn = new Map<string, FailOn>();
  readonly #baselines = new Map<string, string>();
  readonly #checkers: ShellCheck[] = [];
  readonly #used = new Set<Config>();
  readonly #notes: string[] = [];
  /** The rules that there are, those of plugins included. */
  rules: readonly Rule[];

  constructor(flags: LintFlags, rules: readonly Rule[]) {
    const { config: file } = flags;
    const choice = { none: flags['no-config'] === true, noPlugins: flags['no-plugins'] === true };
    this.#flags = flags;
    this.rules = rules;
    this.#configs = new Configs({ ...choice, ...(file !== undefined && { file }) }, rules);
    this.#buildArgs = readBuildArgs(flags['build-arg'] ?? []);
    checkSwitches(flags);
  }

  /** What is worth a line on standard error: what was not checked, and what was read for a configuration. */
  get notes(): readonly string[] {
    const ofConfigs = [...this.#used].flatMap(({ notes = [] }) => notes);
    return [...this.#notes, ...ofConfigs, ...this.#checkers.flatMap(({ notes }) => notes)];
  }

  /** What a person may want to know once: that another tool's configuration was read. */
  get hints(): readonly string[] {
    return [...this.#used]
      .filter(({ kind }) => kind === 'hadolint')
      .map(
        ({ path }) => `${path}: read as hadolint reads it (--preset hadolint); dlint init makes a .dlint.yaml of it`,
      );
  }

  /** What hadolint's configuration says about the report; no flag has a say here. */
  get style(): { readonly format?: string; readonly noColor?: boolean } {
    return [...this.#used].find(({ format, noColor }) => format !== undefined || noColor) ?? {};
  }

  failOn(path: string): FailOn {
    return (this.#flags['fail-on'] as FailOn | undefined) ?? this.#failOn.get(path) ?? 'warning';
  }

  /** The baseline that the configuration of a file names. */
  baselineOf(path: string): string | undefined {
    return this.#baselines.get(path);
  }

  /** @param given the paths of the command line: one that is named and ignored all the same is told of */
  async choose(paths: readonly string[], given: readonly string[]): Promise<ChosenSettings> {
    const stdinName = this.#flags['stdin-name'];
    const settings = new Map<string, FileSettings>();
    const errors: { path: string; error: DlintError }[] = [];
    const fileConfigs = new Map<string, FileConfig | undefined>();
    const seen = new Set<unknown>();
    for (const path of paths) {
      const name = path === '-' ? (stdinName ?? 'Dockerfile') : path;
      const found = await this.#configs.of(name);
      const isNew = !seen.has(found);
      seen.add(found);
      if (found && 'errors' in found) {
        if (isNew) errors.push(...found.errors.map((error) => ({ path: found.path, error })));
        continue;
      }
      if (found && isNew) {
        this.#take(found.config);
        errors.push(...found.config.pluginErrors.map((error) => ({ path: found.config.path, error })));
      }
      const ignored = found?.resolver.ignoredBy(name);
      const baseline = found?.config.baseline;
      if (baseline !== undefined) this.#baselines.set(path === '-' ? (stdinName ?? '-') : path, baseline);
      if (!ignored) fileConfigs.set(path, found?.resolver.of(name));
      else if (given.includes(path)) this.#notes.push(`${name} is not linted: ${ignored.origin} ignores it`);
    }
    const selection = this.#select(errors.map(({ error }) => error));
    for (const [path, config] of fileConfigs) {
      settings.set(path, await this.#settingsOf(config, selection));
      if (config?.failOn) this.#failOn.set(path === '-' ? (stdinName ?? '-') : path, config.failOn);
    }
    this.#checkCodes(selection);
    return { settings, errors };
  }

  /** A rule that is not there may be one of a plugin that could not be loaded: then that is what is wrong. */
  #select(errors: readonly DlintError[]): Selection {
    try {
      return readSelection(this.#flags, this.rules);
    } catch (error) {
      throw errors.find(({ code }) => code === 'E_PLUGIN') ?? error;
    }
  }

  #take(config: Config): void {
    this.#used.add(config);
    const known = new Set(this.rules);
    this.rules = [...this.rules, ...config.rules.filter((rule) => !known.has(rule))];
  }

  async #settingsOf(config: FileConfig | undefined, selection: Selection): Promise<FileSettings> {
    const known = this.#made.get(config);
    if (known) return known;
    const flags = this.#flags;
    const lines = [...(config?.rules.values() ?? [])];
    const preset = (flags.preset as Preset | undefined) ?? (selection.isAll ? 'all' : config?.preset);
    const buildArgs = new Map([...(config?.buildArgs ?? []), ...this.#buildArgs]);
    const analyze = { buildArgs, ...(config?.inlineIgnores === false && { inlineIgnores: false }) };
    const isChecked = flags['no-shellcheck'] ? false : (flags.shellcheck ?? config?.shellcheck ?? false);
    const external = isChecked && (await this.#startShellCheck({ ...codesOf(lines, selection), analyze }));
    const made: FileSettings = {
      rules: ruleSet(this.rules, { ...(preset && { preset }), settings: settingsOf(lines, selection, this.rules) }),
      analyze,
      ...(external && { external }),
    };
    this.#made.set(config, made);
    return made;
  }

  /** Loaded only when it is asked for. */
  async #startShellCheck(options: ShellCheckOptions): Promise<ShellCheck> {
    const { ShellCheck } = await import('./shellcheck.ts');
    const checker = new ShellCheck(options);
    this.#checkers.push(checker);
    return checker;
  }

  #checkCodes({ selected }: Selection): void {
    const [code] = selected?.codes ?? [];
    if (code === undefined || this.#checkers.length > 0 || this.#flags.shellcheck) return;
    throw new DlintError('E_USAGE', `${code} is a code of ShellCheck, which is not asked for`, {
      where: `--select ${this.#flags.select?.join(',')}`,
      hint: 'add --shellcheck',
    });
  }
}

function checkSwitches(flags: LintFlags): void {
  const pairs = [
    ['config', 'no-config'],
    ['shellcheck', 'no-shellcheck'],
  ] as const;
  const both = pairs.find(([one, other]) => flags[one] && flags[other]);
  if (!both) return;
  throw new DlintError('E_USAGE', `--${both[0]} and --${both[1]} contradict each other`, {
    where: `--${both[0]} --${both[1]}`,
    hint: 'leave one out',
  });
}

function readSelection(flags: LintFlags, rules: readonly Rule[]): Selection {
  const words = flags.select?.flatMap((value) => value.split(','));
  const isAll = words?.includes('all') === true;
  const selected = words && !isAll ? namedRules(words, rules, '--select') : undefined;
  if (selected && selected.ids.size + selected.codes.size === 0) {
    throw new DlintError('E_USAGE', '--select names no rule', {
      where: `--select ${words?.join(',')}`,
      hint: 'rule ids or aliases, comma separated: dlint rules lists them',
    });
  }
  return { isAll, ignored: namedRules(flags.ignore ?? [], rules, '--ignore'), ...(selected && { selected }) };
}

/** Settings by id. A rule that is selected runs, at the severity and with the options that the configuration has for it. */
function settingsOf(
  lines: readonly RuleLine[],
  { isAll, selected, ignored }: Selection,
  rules: readonly Rule[],
): ReadonlyMap<string, RuleSetting> {
  const settings = new Map<string, RuleSetting>();
  for (const { id, level, options } of lines) {
    if (!isShellCheckCode(id)) settings.set(id, { level, ...(options && { options }) });
  }
  if (isAll || selected) {
    for (const { id } of rules) {
      const { level, options } = settings.get(id) ?? {};
      const isOn = isAll || selected?.ids.has(id) === true;
      const own = level === undefined || level === 'off' ? (isAll ? undefined : 'on') : level;
      settings.set(id, {
        ...(isOn ? own && { level: own } : { level: 'off' }),
        ...(options !== undefined && { options }),
      });
    }
  }
  for (const id of ignored.ids) settings.set(id, { level: 'off' });
  return settings;
}

function codesOf(
  lines: readonly RuleLine[],
  { isAll, selected, ignored }: Selection,
): Pick<ShellCheckOptions, 'only' | 'ignored' | 'levels'> {
  const codes = lines.filter(({ id }) => isShellCheckCode(id));
  const off = codes.filter(({ id, level }) => level === 'off' && !isAll && !selected?.codes.has(id));
  const levels = codes.flatMap(({ id, level }) => (level === 'off' || level === 'on' ? [] : [[id, level] as const]));
  return {
    ignored: new Set([...ignored.codes, ...off.map(({ id }) => id)]),
    levels: new Map<string, Severity>(levels),
    ...(selected && { only: selected.codes }),
  };
}
