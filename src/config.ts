import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Config } from './config/config.ts';
import type { ConfigResolver } from './config/resolve-config.ts';
import type { DlintError } from './errors.ts';
import type { Rule } from './lint/rule.ts';

/** Which configuration a command line asks for. */
export interface ConfigChoice {
  /** `--config FILE`. */
  readonly file?: string;
  /** `--no-config`. */
  readonly none?: boolean;
  /** Only what hadolint would read. */
  readonly foreignOnly?: boolean;
  /** `--no-plugins`. */
  readonly noPlugins?: boolean;
}

/** Where a configuration lies. */
export interface ConfigPlace {
  /** Absolute; absent when environment variables of hadolint are all there is. */
  readonly path?: string;
  readonly kind: 'dlint' | 'package' | 'hadolint';
  /** Absolute: what its patterns are relative to. */
  readonly folder: string;
}

/** A configuration with what it says about single files; or what is wrong with it, and where (`path`, as shown). */
export type LoadedConfig =
  | { readonly config: Config; readonly resolver: ConfigResolver }
  | { readonly path: string; readonly errors: readonly DlintError[] };

const ownNames = ['.dlint.yaml', '.dlint.yml', '.dlint.json'];
const hadolintNames = ['.hadolint.yaml', '.hadolint.yml'];
const longestPackage = 1024 * 1024;

/** Environment variables that hadolint reads. */
const hadolintVariables = [
  'HADOLINT_NOFAIL',
  'HADOLINT_FORMAT',
  'HADOLINT_FAILURE_THRESHOLD',
  'HADOLINT_OVERRIDE_ERROR',
  'HADOLINT_OVERRIDE_WARNING',
  'HADOLINT_OVERRIDE_INFO',
  'HADOLINT_OVERRIDE_STYLE',
  'HADOLINT_IGNORE',
  'HADOLINT_STRICT_LABELS',
  'HADOLINT_DISABLE_IGNORE_PRAGMA',
  'HADOLINT_TRUSTED_REGISTRIES',
  'HADOLINT_ALLOWED_REGISTRIES',
  'HADOLINT_REQUIRE_LABELS',
] as const;

/**
 * The configurations of a run. What reads them is loaded when the first is found: a run without any costs a few looks
 * into the folders above each Dockerfile.
 */
export class Configs {
  readonly #choice: ConfigChoice;
  readonly #rules: readonly Rule[];
  readonly #places = new Map<string, ConfigPlace | undefined>();
  readonly #loaded = new Map<string, Promise<LoadedConfig>>();

  constructor(choice: ConfigChoice, rules: readonly Rule[]) {
    this.#choice = choice;
    this.#rules = rules;
  }

  /** What holds for a Dockerfile; undefined when nothing is configured. The same object for files that share it. */
  async of(dockerfile: string): Promise<LoadedConfig | undefined> {
    const place = this.placeFor(dirname(resolve(dockerfile)));
    if (!place) return undefined;
    const key = place.path ?? '';
    const known = this.#loaded.get(key);
    if (known) return known;
    const { loadConfig } = await import('./config/load-config.ts');
    const loading = loadConfig(place, this.#rules, { noPlugins: this.#choice.noPlugins === true });
    this.#loaded.set(key, loading);
    return loading;
  }

  /** @param folder absolute */
  placeFor(folder: string): ConfigPlace | undefined {
    const { file, none, foreignOnly } = this.#choice;
    if (none) return undefined;
    if (foreignOnly) return findHadolint(searched(folder));
    if (file !== undefined) return { path: resolve(file), kind: kindOf(file), folder: process.cwd() };
    if (!this.#places.has(folder)) this.#places.set(folder, findConfig(folder));
    return this.#places.get(folder);
  }
}

function kindOf(file: string): ConfigPlace['kind'] {
  const name = basename(file);
  if (name === 'package.json') return 'package';
  return /^\.?hadolint\.ya?ml$/.test(name) ? 'hadolint' : 'dlint';
}

/** The nearest file of ours; where there is none, what hadolint would read. */
function findConfig(folder: string): ConfigPlace | undefined {
  const folders = searched(folder);
  for (const each of folders) {
    const own = firstFile(each, ownNames);
    if (own !== undefined) return { path: own, kind: 'dlint', folder: each };
    const manifest = join(each, 'package.json');
    if (isFile(manifest) && isInPackage(manifest)) return { path: manifest, kind: 'package', folder: each };
  }
  return findHadolint(folders);
}

/** The folder and those above it, up to the root of the repository; outside one, up to the working directory. */
function searched(folder: string): readonly string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    if (statSync(join(at, '.git'), { throwIfNoEntry: false })) return folders;
    if (dirname(at) === at) break;
  }
  const cwd = process.cwd();
  const below = cwd.endsWith(sep) ? cwd : cwd + sep;
  return folders.filter((each) => each === folder || each === cwd || each.startsWith(below));
}

/** `dlint` as a key of package.json; as the name of a package it stands in most of them. */
function isInPackage(manifest: string): boolean {
  try {
    const stat = statSync(manifest);
    if (!stat.isFile() || stat.size > longestPackage) return false;
    const text = readFileSync(manifest, 'utf8');
    if (!text.includes('"dlint"')) return false;
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && Object.hasOwn(json, 'dlint');
  } catch {
    return false;
  }
}

/**
 * hadolint looks into the working directory, then into the user's folders
 * (https://github.com/hadolint/hadolint#configure); here the folders of the Dockerfile go first.
 */
function findHadolint(folders: readonly string[]): ConfigPlace | undefined {
  for (const folder of [...folders, process.cwd()]) {
    const path = firstFile(folder, hadolintNames);
    if (path !== undefined) return { path, kind: 'hadolint', folder };
  }
  const { HOME, USERPROFILE, XDG_CONFIG_HOME, LOCALAPPDATA } = process.env;
  const home = HOME ?? USERPROFILE;
  const inHome = (name: string): readonly string[] => (home ? [join(home, name)] : []);
  const settings = XDG_CONFIG_HOME || (process.platform === 'win32' ? LOCALAPPDATA : undefined);
  const path =
    (settings ? [settings] : inHome('.config')).map((each) => firstFile(each, ['hadolint.yaml', 'hadolint.yml']))[0] ??
    inHome('.hadolint').map((each) =>
      firstFile(each, ['hadolint.yaml', 'hadolint.yml', 'config.yaml', 'config.yml']),
    )[0] ??
    inHome('').map((each) => firstFile(each, hadolintNames))[0];
  if (path === undefined && !hadolintVariables.some((name) => process.env[name])) return undefined;
  return { kind: 'hadolint', folder: process.cwd(), ...(path !== undefined && { path }) };
}

function firstFile(folder: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(folder, name)).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}
