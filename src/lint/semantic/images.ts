import { isWindowsImage, parseReference } from './image-reference.ts';
import type { ImageTarget, Stage, StageBase } from './model.ts';

/** Names that images are looked up by: the stages of this file and the named contexts of the build. */
export interface ImageNames {
  readonly stages: readonly Stage[];
  /** By name; of several, the last one. */
  readonly byName: ReadonlyMap<string, Stage>;
  /** As `familiarName` writes them. */
  readonly contexts: ReadonlySet<string>;
}

/** A name as the builder compares those of contexts and images: `docker.io/library/alpine:latest` is `alpine`. */
export function familiarName(name: string): string {
  return name.replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?/, '').replace(/:latest$/, '');
}

/** What FROM means: an earlier stage, `scratch`, a named context, or an image. */
export function resolveFrom(expanded: string | undefined, earlier: ImageNames): ImageTarget {
  if (expanded === undefined) return { kind: 'unknown' };
  const name = expanded.toLowerCase();
  if (earlier.contexts.size > 0 && earlier.contexts.has(familiarName(expanded)))
    return { kind: 'context', name: expanded };
  const stage = earlier.byName.get(name);
  if (stage) return { kind: 'stage', stage };
  if (expanded === 'scratch') return { kind: 'scratch' };
  return imageTarget(expanded);
}

/** What COPY --from and RUN --mount=from= mean: as FROM, but stages count by number, too, and may stand below. */
export function resolveSource(expanded: string | undefined, all: ImageNames): ImageTarget {
  if (expanded === undefined) return { kind: 'unknown' };
  if (/^\d{1,9}$/.test(expanded)) {
    const stage = all.stages[Number(expanded)];
    return stage ? { kind: 'stage', stage } : { kind: 'invalid' };
  }
  return resolveFrom(expanded, all);
}

function imageTarget(text: string): ImageTarget {
  const image = parseReference(text);
  return image ? { kind: 'image', image } : { kind: 'invalid' };
}

export function baseOf(target: ImageTarget): StageBase {
  return target.kind === 'context' || target.kind === 'invalid' ? { kind: 'unknown' } : target;
}

/** The system a stage's programs run on, from its `--platform`, its base, or else the file's escape character. */
export function osOf(base: StageBase, platform: string | undefined, marker: string): Stage['os'] {
  if (base.kind === 'stage') return base.stage.os;
  if (platform !== undefined && /^[a-z]+(\/|$)/.test(platform))
    return platform.startsWith('windows') ? 'windows' : 'linux';
  if (base.kind === 'image' && base.facts?.platform) return base.facts.platform.os === 'windows' ? 'windows' : 'linux';
  if (base.kind === 'image') return isWindowsImage(base.image) ? 'windows' : 'linux';
  return base.kind === 'unknown' && marker === '`' ? 'windows' : 'linux';
}
