import type { BuildFile, Said } from './said.ts';

/** What files say of one build, as far as it has been read: later ones beat earlier ones. */
export interface BuildDraft {
  readonly name: string;
  /** The file that speaks of it first. */
  readonly file: BuildFile;
  /** Offset of its name there. */
  readonly at: number;
  readonly context?: Said;
  readonly dockerfile?: Said;
  readonly inline?: Said;
  readonly target?: Said;
  readonly args: ReadonlyMap<string, Said>;
  /** Additional ones, by name. */
  readonly contexts: ReadonlyMap<string, Said>;
  readonly platforms: readonly Said[];
  /** It is there to be inherited from: nothing is wrong when it cannot be built itself. */
  readonly isBase?: boolean;
}

/** A `build` section of a compose file, or a target of a bake file. */
export interface BuildSection {
  text(key: string): Said | undefined;
  pairs(key: string): ReadonlyMap<string, Said>;
  texts(key: string): readonly Said[];
}

/** How a kind of file calls what others call otherwise. */
export interface Spelling {
  readonly inline: string;
  readonly contexts: string;
}

export function draftOf(
  { name, file, at }: Pick<BuildDraft, 'name' | 'file' | 'at'>,
  section: BuildSection,
  spelling: Spelling,
): BuildDraft {
  const texts = {
    context: section.text('context'),
    dockerfile: section.text('dockerfile'),
    inline: section.text(spelling.inline),
    target: section.text('target'),
  };
  return {
    name,
    file,
    at,
    args: section.pairs('args'),
    contexts: section.pairs(spelling.contexts),
    platforms: section.texts('platforms'),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
  };
}

export function mergeDrafts(base: BuildDraft, over: BuildDraft): BuildDraft {
  return {
    ...base,
    ...over,
    file: base.file,
    at: base.at,
    args: new Map([...base.args, ...over.args]),
    contexts: new Map([...base.contexts, ...over.contexts]),
    platforms: over.platforms.length > 0 ? over.platforms : base.platforms,
  };
}

/** The second speaks last of each build. */
export function joinDrafts(base: readonly BuildDraft[], over: readonly BuildDraft[]): readonly BuildDraft[] {
  const drafts = new Map(base.map((draft) => [draft.name, draft]));
  for (const draft of over) {
    const known = drafts.get(draft.name);
    drafts.set(draft.name, known ? mergeDrafts(known, draft) : draft);
  }
  return [...drafts.values()];
}
