import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { ConfigPlace, LoadedConfig } from '../config.ts';
import { DlintError } from '../errors.ts';
import type { Rule } from '../lint/rule.ts';
import type { Config, LicenseLists, Pattern, ReadConfig, SettingsLayer } from './config.ts';
import { type ConfigFile, readConfigFile, shownPath } from './config-file.ts';
import { configFields } from './config-shape.ts';
import { readHadolint } from './hadolint.ts';
import type { ImagePolicy } from './image-policy.ts';
import type { ConfigNode, ConfigProblem, TableNode } from './node.ts';
import { loadPlugins } from './plugins.ts';
import { ConfigResolver } from './resolve-config.ts';
import type { RuleBook, RuleEntry } from './rules-shape.ts';
import { table } from './shape.ts';

const maxDepth = 10;
const maxFiles = 50;

export interface LoadOptions {
  readonly noPlugins: boolean;
}

/** Reads a configuration and all that it extends; what is wrong comes back as errors, all of them at once. */
export async function loadConfig(
  place: ConfigPlace,
  rules: readonly Rule[],
  options: LoadOptions,
): Promise<LoadedConfig> {
  const path = place.path === undefined ? 'HADOLINT_* variables' : shownPath(place.path);
  try {
    const read =
      place.kind === 'hadolint'
        ? readHadolint(place, rules, process.env)
        : await new Loader(place, rules, options).load();
    return 'errors' in read ? { path, ...read } : { ...read, resolver: new ConfigResolver(read.config) };
  } catch (error) {
    if (error instanceof DlintError) return { path, errors: [error] };
    throw error;
  }
}

class Loader {
  readonly #place: ConfigPlace;
  readonly #own: readonly Rule[];
  readonly #options: LoadOptions;
  readonly #errors: DlintError[] = [];
  /** Bases before what extends them. */
  readonly #files: ConfigFile[] = [];

  constructor(place: ConfigPlace, rules: readonly Rule[], options: LoadOptions) {
    this.#place = place;
    this.#own = rules;
    this.#options = options;
  }

  async load(): Promise<ReadConfig> {
    const path = this.#place.path as string;
    this.#read(path, [], this.#place.kind === 'package' ? 'dlint' : undefined);
    if (this.#errors.length > 0) return { errors: this.#errors };
    const plugins = this.#options.noPlugins ? undefined : await loadPlugins(this.#files.flatMap(pluginsOf), this.#own);
    const book: RuleBook = {
      rules: [...this.#own, ...(plugins?.rules ?? [])],
      hasAllPlugins: plugins?.errors.length === 0,
    };
    const parts = this.#files.map((file) => this.#part(file, book));
    if (this.#errors.length > 0) return { errors: this.#errors };
    return { config: this.#join(parts, book, plugins?.errors ?? []) };
  }

  /** Reads a file behind the files that it extends. */
  #read(path: string, chain: readonly string[], key?: string): void {
    const read = readConfigFile(path, key);
    if ('errors' in read) {
      this.#errors.push(...read.errors);
      return;
    }
    const { file } = read;
    for (const { value, at } of textsOf(file, 'extends')) {
      const problem = this.#extend(file, value, [...chain, path]);
      if (problem) this.#errors.push(file.error({ at, ...problem }));
    }
    this.#files.push(file);
  }

  #extend(file: ConfigFile, name: string, chain: readonly string[]): Omit<ConfigProblem, 'at'> | undefined {
    const path = resolveConfig(name, file.path);
    if (path === undefined)
      return { message: `there is no configuration ${name}`, hint: 'a path relative to this file, or a package' };
    if (chain.includes(path)) {
      return { message: `extends leads in a circle: ${[...chain, path].map(shownPath).join(' → ')}` };
    }
    if (chain.length >= maxDepth) return { message: `extends is nested deeper than ${maxDepth} files` };
    if (this.#files.length >= maxFiles) return { message: `more than ${maxFiles} files are extended` };
    this.#read(path, chain, path.endsWith('package.json') ? 'dlint' : undefined);
    return undefined;
  }

  #part(file: ConfigFile, book: RuleBook): Part {
    const problems: ConfigProblem[] = [];
    const values = table(configFields(book)).read(file.node, problems) ?? {};
    this.#errors.push(...problems.sort((a, b) => a.at - b.at).map(file.error));
    const layers = [layerOf(file, file.node, values)];
    const overrides = entryOf(file.node, 'overrides');
    const nodes = overrides?.kind === 'list' ? overrides.items : overrides ? [overrides] : [];
    for (const [i, each] of (values.overrides ?? []).entries()) {
      const node = nodes[i] as TableNode;
      if (!each.files)
        this.#errors.push(
          file.error({ at: node.at, message: 'an override without files', hint: 'add files: [patterns]' }),
        );
      layers.push({ ...layerOf(file, node, each), files: each.files ?? [] });
    }
    const ignore = textsOf(file, 'ignore').map(({ value, at }) => ({ pattern: value, origin: file.origin(at) }));
    const baseline =
      values.baseline === undefined ? undefined : shownPath(resolve(dirname(file.path), values.baseline));
    return {
      file,
      layers,
      ignore,
      image: values.image ?? {},
      licenses: values.licenses ?? {},
      ...(baseline !== undefined && { baseline }),
    };
  }

  #join(parts: readonly Part[], book: RuleBook, failed: readonly DlintError[]): Config {
    const baseline = parts.findLast((part) => part.baseline !== undefined)?.baseline;
    return {
      kind: 'dlint',
      path: shownPath(this.#place.path as string),
      folder: this.#place.folder,
      files: parts.map(({ file }) => file.name),
      layers: parts.flatMap(({ layers }) => layers),
      ignore: parts.flatMap(({ ignore }) => ignore),
      ...(baseline !== undefined && { baseline }),
      image: Object.assign({}, ...parts.map(({ image }) => image)) as ImagePolicy,
      licenses: Object.assign({}, ...parts.map(({ licenses }) => licenses)) as LicenseLists,
      imageOrigins: keyOrigins(parts, 'image'),
      licenseOrigins: keyOrigins(parts, 'licenses'),
      rules: book.rules,
      pluginErrors: failed,
      unmapped: [],
    };
  }
}

/** Where the keys of a table were set, the last that said so. */
function keyOrigins(parts: readonly Part[], table: string): ReadonlyMap<string, string> {
  const origins = parts.flatMap(({ file }) => {
    const node = entryOf(file.node, table);
    return node?.kind === 'table' ? node.entries.map(({ key, at }) => [key, file.origin(at)] as const) : [];
  });
  return new Map(origins);
}

interface Part {
  readonly file: ConfigFile;
  readonly layers: readonly SettingsLayer[];
  readonly ignore: readonly Pattern[];
  readonly image: ImagePolicy;
  readonly licenses: LicenseLists;
  readonly baseline?: string;
}

function layerOf(
  file: ConfigFile,
  node: TableNode,
  {
    rules = [],
    preset,
    failOn,
    shellcheck,
    inlineIgnores,
    buildArgs,
  }: Omit<SettingsLayer, 'rules' | 'origins' | 'files'> & { rules?: readonly RuleEntry[] },
): SettingsLayer {
  return {
    ...(preset && { preset }),
    ...(failOn && { failOn }),
    ...(shellcheck !== undefined && { shellcheck }),
    ...(inlineIgnores !== undefined && { inlineIgnores }),
    ...(buildArgs && { buildArgs }),
    rules: rules.flatMap(({ ids, at, level, options }) =>
      ids.map((id) => ({ id, level, origin: file.origin(at), ...(options && { options }) })),
    ),
    origins: originsOf(file, node),
  };
}

/** Keys, and `buildArgs.NAME`. */
function originsOf(file: ConfigFile, node: TableNode): ReadonlyMap<string, string> {
  return new Map(
    node.entries.flatMap(({ key, at, value }) => [
      [key, file.origin(at)] as const,
      ...(value.kind === 'table'
        ? value.entries.map((inner) => [`${key}.${inner.key}`, file.origin(inner.at)] as const)
        : []),
    ]),
  );
}

function entryOf(node: TableNode, key: string): ConfigNode | undefined {
  return node.entries.find((entry) => entry.key === key)?.value;
}

/** The texts under a key; what is no text is reported when the file is read in full. */
function textsOf(file: ConfigFile, key: 'extends' | 'plugins' | 'ignore'): readonly { value: string; at: number }[] {
  const node = entryOf(file.node, key);
  const items = node?.kind === 'list' ? node.items : node ? [node] : [];
  return items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [{ value: item.value, at: item.at }] : [],
  );
}

function pluginsOf(file: ConfigFile) {
  return textsOf(file, 'plugins').map(({ value, at }) => ({
    name: value,
    from: file.path,
    where: file.error({ at, message: '' }).where as string,
  }));
}

/** A path relative to the file, or a package that has a configuration for its main file. */
function resolveConfig(name: string, from: string): string | undefined {
  const path = resolve(dirname(from), name);
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    if (/^[./]/.test(name)) return undefined;
    const found = createRequire(from).resolve(name);
    return /\.(ya?ml|json)$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
