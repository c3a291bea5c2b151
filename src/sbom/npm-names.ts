import { isRecord, stringOf } from './json.ts';
import type { Scope } from './package.ts';
import type { PurlParts } from './purl.ts';

/** `@scope/name` as purl-spec, type npm, has it. */
export function npmPurl(name: string, version: string, qualifiers: PurlParts['qualifiers'] = {}): PurlParts {
  const [, scope, base = ''] = /^(?:(@[^/]+)\/)?([^/]+)$/.exec(name) ?? [];
  return { type: 'npm', namespace: scope ?? null, name: base, version, ...(qualifiers ? { qualifiers } : {}) };
}

/** Where the source is that a git address leads to; a registry's address says nothing. */
export function vcsQualifier(resolved: string | undefined): { vcs_url?: string } {
  if (!resolved) return {};
  const short = /^(github|gitlab|bitbucket):([\w.-]+\/[\w.-]+)(#\w+)?$/.exec(resolved);
  if (short)
    return {
      vcs_url: `git+https://${short[1]}.${short[1] === 'bitbucket' ? 'org' : 'com'}/${short[2]}${(short[3] ?? '').replace('#', '@')}`,
    };
  return /^git(\+|:)/.test(resolved) ? { vcs_url: resolved.replace('#', '@') } : {};
}

const FIELDS: readonly (readonly [string, Scope])[] = [
  ['dependencies', 'production'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'production'],
  ['devDependencies', 'development'],
];

interface Asked {
  readonly name: string;
  readonly range: string;
  readonly scope: Scope;
}

/**
 * What a package.json asks for. An optional dependency stands in `dependencies`, too, in some lock files. A peer that is
 * optional is not asked for: it is made use of where something else brings it.
 */
export function askedBy(manifest: unknown): Asked[] {
  if (!isRecord(manifest)) return [];
  const optional = isRecord(manifest.optionalDependencies) ? manifest.optionalDependencies : {};
  return FIELDS.flatMap(([field, scope]) =>
    isRecord(manifest[field])
      ? Object.entries(manifest[field])
          .filter(([name]) => field !== 'dependencies' || !Object.hasOwn(optional, name))
          .filter(([name]) => field !== 'peerDependencies' || !isOptionalPeer(manifest, name))
          .map(([name, range]) => ({ name, range: stringOf(range) ?? '', scope }))
      : [],
  );
}

/** package.json says it in `peerDependenciesMeta`, bun.lock in a list. */
function isOptionalPeer({ peerDependenciesMeta: meta, optionalPeers }: Record<string, unknown>, name: string): boolean {
  const one = isRecord(meta) && Object.hasOwn(meta, name) ? meta[name] : undefined;
  if (isRecord(one) && String(one.optional) === 'true') return true;
  return Array.isArray(optionalPeers) && optionalPeers.includes(name);
}
