import { relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Config, FileConfig, Pattern, RuleLine, Settings, SettingsLayer } from './config.ts';

/** What a configuration says about single files. Made once for each configuration. */
export class ConfigResolver {
  readonly #config: Config;
  readonly #ignore: Ignore;
  readonly #matchers: readonly (Ignore | undefined)[];
  readonly #made = new Map<string, FileConfig>();

  constructor(config: Config) {
    this.#config = config;
    this.#ignore = matcher(config.ignore.map(({ pattern }) => pattern));
    this.#matchers = config.layers.map(({ files }) => files && matcher(files));
  }

  /** The pattern that keeps a file from being linted. */
  ignoredBy(path: string): Pattern | undefined {
    const name = this.#relative(path);
    if (name === undefined || !this.#ignore.ignores(name)) return undefined;
    return this.#config.ignore.findLast(({ pattern }) => matcher([pattern]).ignores(name));
  }

  /** The same object for files for which the same holds. */
  of(path: string): FileConfig {
    const name = this.#relative(path);
    const holds = this.#matchers.map((files) => !files || (name !== undefined && files.ignores(name)));
    const key = holds.map(Number).join('');
    const known = this.#made.get(key) ?? merge(this.#config.layers.filter((_, i) => holds[i]));
    this.#made.set(key, known);
    return known;
  }

  /** Relative to the folder of the patterns; undefined for what is not below it. */
  #relative(path: string): string | undefined {
    const name = relative(this.#config.folder, resolve(path)).split(sep).join('/');
    return ignore.isPathValid(name) ? name : undefined;
  }
}

function matcher(patterns: readonly string[]): Ignore {
  return ignore({ ignorecase: false }).add(patterns);
}

function merge(layers: readonly SettingsLayer[]): FileConfig {
  const rules = new Map<string, RuleLine>();
  const origins = new Map<string, string>();
  const buildArgs = new Map<string, string>();
  let settings: Settings = {};
  for (const { rules: lines, origins: set, files: _, buildArgs: values, ...rest } of layers) {
    settings = { ...settings, ...rest };
    for (const [name, value] of values ?? []) buildArgs.set(name, value);
    for (const [key, origin] of set) origins.set(key, origin);
    for (const line of lines) rules.set(line.id, { ...rules.get(line.id), ...line });
  }
  return { ...settings, buildArgs, rules, origins };
}
