import { basename, dirname, join } from 'node:path';
import type { ConfigNode, TableEntry } from '../config/node.ts';
import { didYouMean } from '../suggest.ts';
import { type BuildDraft, mergeDrafts } from './build.ts';
import { entriesOf, entryOf, nodeAt, pairsOf, tableIn, textOf } from './nodes.ts';
import { type BuildFileReader, joinDrafts } from './read-build-file.ts';
import { type BuildFile, buildFileError } from './said.ts';

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
    if (!build || (build.kind === 'scalar' && build.value === null)) return base && { ...base, name: key };
    const own = draftOf(file, key, at, build);
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
    const read = other === undefined ? undefined : this.#reader.open(join(file.folder, other), { file, at });
    const known = read ? servicesOf(read.file, read.node) : services;
    const base = known.get(from);
    if (!base) throw buildFileError(file, at, `there is no service ${from}`, didYouMean(from, known.keys()));
    return this.#service(known, read?.file ?? file, base, depth + 1);
  }

  #included(file: BuildFile, node: ConfigNode, depth: number): readonly BuildDraft[] {
    const include = nodeAt(node, 'include');
    const items = include?.kind === 'list' ? include.items : [];
    return items.flatMap((item) => {
      const path = item.kind === 'table' ? nodeAt(item, 'path') : item;
      const paths = path?.kind === 'list' ? path.items : path ? [path] : [];
      return paths.flatMap((each) => {
        const name = textOf(file, each, 'include')?.text;
        // oci:// and git addresses are fetched by compose itself.
        if (name === undefined || /^[a-z]+:\/\//.test(name)) return [];
        if (depth >= maxDepth) throw buildFileError(file, each.at, `include is nested deeper than ${maxDepth} files`);
        const read = this.#reader.open(join(file.folder, name), { file, at: each.at });
        return this.read(read.file, read.node, depth + 1);
      });
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
    const read = this.#reader.open(path, { file, at: 0 });
    return joinDrafts(own, this.read(read.file, read.node, depth + 1));
  }
}

type Services = ReadonlyMap<string, TableEntry>;

function servicesOf(file: BuildFile, node: ConfigNode): Services {
  const services = tableIn(file, nodeAt(node, 'services'), 'services');
  return new Map(entriesOf(services).map((entry) => [entry.key, entry]));
}

function draftOf(file: BuildFile, name: string, at: number, build: ConfigNode): BuildDraft {
  if (build.kind === 'scalar') {
    const context = textOf(file, build, 'build');
    return { name, file, at, args: new Map(), contexts: new Set(), ...(context && { context }) };
  }
  tableIn(file, build, 'build');
  const texts = {
    context: textOf(file, nodeAt(build, 'context'), 'build.context'),
    dockerfile: textOf(file, nodeAt(build, 'dockerfile'), 'build.dockerfile'),
    inline: textOf(file, nodeAt(build, 'dockerfile_inline'), 'build.dockerfile_inline'),
    target: textOf(file, nodeAt(build, 'target'), 'build.target'),
  };
  return {
    name,
    file,
    at,
    args: pairsOf(file, nodeAt(build, 'args')),
    contexts: new Set(pairsOf(file, nodeAt(build, 'additional_contexts')).keys()),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
  };
}
