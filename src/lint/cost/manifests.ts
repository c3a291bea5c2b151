import type { Step } from '../semantic/model.ts';
import { baseName, isWholeTree } from './context-paths.ts';
import type { Need } from './needs/need.ts';

/**
 * Last parts of the paths that a step brings in one by one, be it for itself alone (RUN --mount=type=bind), and the name
 * that a file gets: `COPY pom-docker.xml pom.xml`.
 */
export function broughtNames({ copy, mounts }: Step): readonly string[] {
  const isOwn = copy?.from.kind === 'context' || copy?.from.kind === 'stage';
  const sources = isOwn ? (copy?.sources.filter(({ kind }) => kind === 'path') ?? []) : [];
  const copied = sources.map(({ path, word }) => path ?? word.text);
  const mounted = mounts.flatMap(({ type, source }) => (type === 'bind' && source !== undefined ? [source] : []));
  const target = copied.length === 1 && !isWholeTree(copied[0] ?? '') ? (copy?.targetPath ?? '') : '';
  const renamed = /[^./]\/?$/.test(target) && /\.\w+$/.test(target) ? [target] : [];
  return [...copied, ...renamed, ...mounted].map(baseName).filter((name) => !isWholeTree(name));
}

/** Whether all the files that an install has to have are among some names, with wildcards on either side. */
export function isListed(need: Need, patterns: readonly string[]): boolean {
  const wanted = (need.manifests ?? []).filter((manifest, i) => i === 0 || !manifest.endsWith('*'));
  return wanted.every((manifest) => {
    const parts = manifest.split('/').filter((part) => !/^\.*$/.test(part));
    return patterns.some((pattern) => parts.some((part) => matches(part, pattern) || matches(pattern, part)));
  });
}

/** A wildcard as in COPY; only `*` and `?`. */
function matches(name: string, pattern: string): boolean {
  if (name === pattern) return true;
  if (pattern.length > 100 || !/[*?]/.test(pattern)) return false;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  // A bound on the wildcards bounds the time.
  return (pattern.match(/\*+/g) ?? []).length <= 3 && new RegExp(`^${source}$`, 's').test(name);
}
