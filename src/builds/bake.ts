import type { ConfigNode, TableEntry } from '../config/node.ts';
import { type BuildDraft, mergeDrafts } from './build.ts';
import { entriesOf, nodeAt, pairsOf, tableIn, textOf } from './nodes.ts';
import { type BuildFile, buildFileError } from './said.ts';
import type { Variables } from './variables.ts';

/** The targets of a bake file in JSON, as it is written or as `docker buildx bake --print` gives it. */
export function bakeBuilds(file: BuildFile, node: ConfigNode): readonly BuildDraft[] {
  const targets = new Targets({ ...file, variables: declared(node, file.variables) }, node);
  return targets.names.map((name) => targets.read(name));
}

/** What `variable` declares: the environment goes before the default. */
function declared(node: ConfigNode, environment: Variables): Variables {
  const variables = nodeAt(node, 'variable');
  return (name) => {
    const declaration = entriesOf(variables).find(({ key }) => key === name);
    if (!declaration) return undefined;
    const value = nodeAt(declaration.value, 'default');
    return environment(name) ?? (value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined);
  };
}

class Targets {
  readonly #file: BuildFile;
  readonly #entries: ReadonlyMap<string, TableEntry>;
  readonly #made = new Map<string, BuildDraft | 'open'>();

  constructor(file: BuildFile, node: ConfigNode) {
    this.#file = file;
    const targets = tableIn(file, nodeAt(node, 'target'), 'target');
    this.#entries = new Map(entriesOf(targets).map((entry) => [entry.key, entry]));
  }

  /** Those whose names begin with an underscore are there to be inherited from. */
  get names(): readonly string[] {
    return [...this.#entries.keys()].filter((name) => !name.startsWith('_'));
  }

  read(name: string): BuildDraft {
    const { at, value } = this.#entries.get(name) as TableEntry;
    const known = this.#made.get(name);
    if (known === 'open') throw buildFileError(this.#file, at, `inherits leads in a circle: ${name}`);
    if (known) return known;
    this.#made.set(name, 'open');
    const own = draftOf(this.#file, name, at, value);
    const made = { ...[...this.#parents(value), own].reduce((sum, each) => mergeDrafts(sum, each)), name, at };
    this.#made.set(name, made);
    return made;
  }

  #parents(node: ConfigNode): readonly BuildDraft[] {
    const parents = nodeAt(node, 'inherits');
    return (parents?.kind === 'list' ? parents.items : []).flatMap((item) => {
      const name = textOf(this.#file, item, 'inherits')?.text;
      return name !== undefined && this.#entries.has(name) ? [this.read(name)] : [];
    });
  }
}

function draftOf(file: BuildFile, name: string, at: number, node: ConfigNode | undefined): BuildDraft {
  const texts = {
    context: textOf(file, nodeAt(node, 'context'), 'context'),
    dockerfile: textOf(file, nodeAt(node, 'dockerfile'), 'dockerfile'),
    inline: textOf(file, nodeAt(node, 'dockerfile-inline'), 'dockerfile-inline'),
    target: textOf(file, nodeAt(node, 'target'), 'target'),
  };
  return {
    name,
    file,
    at,
    args: pairsOf(file, nodeAt(node, 'args')),
    contexts: new Set(pairsOf(file, nodeAt(node, 'contexts')).keys()),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
  };
}
