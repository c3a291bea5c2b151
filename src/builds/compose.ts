import { basename, dirname, join, resolve } from 'node:path';
import type { ConfigNode, TableEntry } from '../config/node.ts';
import { didYouMean } from '../suggest.ts';
import { type BuildDraft, type BuildSection, draftOf, joinDrafts, mergeDrafts } from './draft.ts';
import { entriesOf, entryOf, nodeAt, pairsOf, tableIn, textOf, textsOf } from './nodes.ts';
import type { BuildFileReader } from './read-build-file.ts';
import { type BuildFile, buildFileError, type Said } from './said.ts';
import { variablesFor } from './variables.ts';

const spelling = { inline: 'dockerfile_inline', contexts: 'additional_contexts' };

/** So deep may files include and extend each other. */
const maxDepth = 10;

/**
 * The builds of a compose file, of those that it includes, and of the override file beside it (Compose specification,
 * "Build", "Extend", "Include", "Merge"). Services of every profile count.
 */
export function composeBuilds(file: BuildFile, node: ConfigNode, reader: BuildFileReader): readonly BuildDraft[] {
  return new Compose(reader).read(file, node, 0);
}

class Compose {
  readonly #reader: BuildFileReader;

  constructor(reader: BuildFileReader) {
    this.#reader = reader;
  }

  read(file: BuildFile, node: ConfigNode, depth: number): readonly BuildDraft[] {
    const services = servicesOf(file, node);
    const own = [...services.values()].flatMap((entry) => this.#service(services, file, entry, depth) ?? []);
    return [...this.#included(file, node, depth), ...this.#overridden(file, own, depth)];
  }

  #service(services: Services, file: BuildFile, { key, at, value }: TableEntry, depth: number): BuildDraft | undefined {
    const build = nodeAt(value, 'build');
    const base = this.#extended(services, file, { key, at, value }, depth);
    if (!build || build.tag === '!reset' || (build.kind === 'scalar' && build.value === null))
      return base && { ...base, name: key };
    const own = draftOf({ name: key, file, at }, sectionOf(file, build, value), spelling);
    return base ? { ...mergeDrafts(base, own), name: key, file, at } : own;
  }

  #extended(services: Services, file: BuildFile, service: TableEntry, depth: number): BuildDraft | undefined {
    const extending = entryOf(service.value, 'extends');
    if (!extending) return undefined;
    const { value, at } = extending;
    const isTable = value.kind === 'table';
    const other = isTable ? textOf(file, nodeAt(value, 'file'), 'extends.file')?.text : undefined;
    const from = textOf(file, isTable ? nodeAt(value, 'service') : value, 'extends.service')?.text ?? service.key;
    if (depth >= maxDepth) throw buildFileError(file, at, `extends is nested deeper than ${maxDepth} services`);
    // Variables are those of the project, wherever the other file lies.
    const { variables } = file;
    const read =
      other === undefined ? undefined : this.#reader.open(join(file.folder, other), { file, at }, { variables });
    const known = read ? servicesOf(read.file, read.node) : services;
    const base = known.get(from);
    if (!base) throw buildFileError(file, at, `there is no service ${from}`, didYouMean(from, known.keys()));
    return this.#service(known, read?.file ?? file, base, depth + 1);
  }

  #included(file: BuildFile, node: ConfigNode, depth: number): readonly BuildDraft[] {
    const include = nodeAt(node, 'include');
    const items = include?.kind === 'list' ? include.items : [];
    return items.flatMap((item) => {
      const isTable = item.kind === 'table';
      const [first, ...others] = textsOf(file, isTable ? nodeAt(item, 'path') : item, 'include');
      // oci:// and git addresses are fetched by compose itself.
      if (first?.text === undefined || /^[a-z]+:\/\//.test(first.text)) return [];
      if (depth >= maxDepth) throw buildFileError(file, item.at, `include is nested deeper than ${maxDepth} files`);
      const project = isTable ? projectOf(file, item, first.text) : {};
      const drafts = [first, ...others].flatMap(({ text, span }) => {
        if (text === undefined) return [];
        const read = this.#reader.open(join(file.folder, text), { file, at: span.start }, project);
        return [this.read(read.file, read.node, depth + 1)];
      });
      // Further files of one entry override the first.
      return drafts.reduce(joinDrafts, []);
    });
  }

  /** `compose.override.yaml` is read with `compose.yaml`, without being asked for. */
  #overridden(file: BuildFile, own: readonly BuildDraft[], depth: number): readonly BuildDraft[] {
    const name = /^((?:docker-)?compose)\.ya?ml$/.exec(basename(file.source.path))?.[1];
    if (name === undefined || depth > 0) return own;
    const folder = dirname(file.source.path);
    const path = ['yml', 'yaml']
      .map((end) => join(folder, `${name}.override.${end}`))
      .find((each) => this.#reader.has(each));
    if (path === undefined) return own;
    const { variables } = file;
    const read = this.#reader.open(path, { file, at: 0 }, { variables });
    const services = servicesOf(read.file, read.node);
    const kept = own.filter(({ name }) => !isReplaced(services.get(name)?.value));
    return joinDrafts(kept, this.read(read.file, read.node, depth + 1));
  }
}

/** `!reset` takes away what the file before said, `!override` puts itself in its place ("Merge"). */
function isReplaced(service: ConfigNode | undefined): boolean {
  return [service, nodeAt(service, 'build')].some((node) => node?.tag === '!reset' || node?.tag === '!override');
}

type Services = ReadonlyMap<string, TableEntry>;

function servicesOf(file: BuildFile, node: ConfigNode): Services {
  const services = tableIn(file, nodeAt(node, 'services'), 'services');
  return new Map(entriesOf(services).map((entry) => [entry.key, entry]));
}

/** What an entry of `include` says of the folder and the variables of its files. */
function projectOf(file: BuildFile, item: ConfigNode, path: string): Partial<BuildFile> {
  const own = textOf(file, nodeAt(item, 'project_directory'), 'include.project_directory')?.text;
  const folder = own === undefined ? dirname(join(file.folder, path)) : join(file.folder, own);
  const named = textsOf(file, nodeAt(item, 'env_file'), 'include.env_file').flatMap(({ text }) => text ?? []);
  const files =
    named.length > 0 ? named.map((name) => resolve(file.folder, name)).reverse() : [resolve(folder, '.env')];
  const inner = variablesFor({}, files);
  return { folder, variables: (name) => file.variables(name) ?? inner(name) };
}

/** `build: folder`, or a table; the platform of the service is that of its build unless it says otherwise. */
function sectionOf(file: BuildFile, build: ConfigNode, service: ConfigNode): BuildSection {
  const platform = nodeAt(service, 'platform');
  const platforms = (own: ConfigNode | undefined) => textsOf(file, own ?? platform, 'platforms');
  if (build.kind === 'scalar') {
    return {
      text: (key) => (key === 'context' ? homed(textOf(file, build, 'build')) : undefined),
      pairs: () => new Map(),
      texts: () => platforms(undefined),
    };
  }
  tableIn(file, build, 'build');
  return {
    text: (key) => {
      const text = textOf(file, nodeAt(build, key), `build.${key}`);
      return key === 'context' ? homed(text) : text;
    },
    pairs: (key) => pairsOf(file, nodeAt(build, key)),
    texts: (key) => platforms(nodeAt(build, key)),
  };
}

function homed(said: Said | undefined): Said | undefined {
  const home = process.env.HOME;
  if (!home || !said?.text || !/^~(?:\/|$)/.test(said.text)) return said;
  return { ...said, text: home + said.text.slice(1) };
}
