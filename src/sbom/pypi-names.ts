import { isRecord, stringOf } from './json.ts';
import { records } from './lock.ts';
import type { Hash } from './package.ts';
import type { PurlParts } from './purl.ts';
import { normalizeName } from './python-metadata.ts';

export function pypiPurl(name: string, version: string, qualifiers: PurlParts['qualifiers'] = {}): PurlParts {
  return { type: 'pypi', name: normalizeName(name), version, ...(qualifiers ? { qualifiers } : {}) };
}

/** The name that a requirement begins with (PEP 508). */
export function requiredName(requirement: unknown): string | undefined {
  const [name] = /^[A-Za-z0-9][\w.-]*/.exec(typeof requirement === 'string' ? requirement.trim() : '') ?? [];
  return name && normalizeName(name);
}

const ALGORITHMS: Readonly<Record<string, Hash['algorithm']>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

/** `sha256:<hex>` or `sha256=<hex>`. */
export function prefixedHash(text: unknown): Hash[] {
  const [, name = '', value = ''] = /^([a-z0-9]+)[:=]([0-9a-fA-F]{32,128})$/.exec(stringOf(text) ?? '') ?? [];
  const algorithm = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
  return algorithm ? [{ algorithm, value: value.toLowerCase() }] : [];
}

/**
 * Of the archives that a lock file allows the one that says most: the source archive, else the only wheel. Which of
 * several wheels will be installed, no lock file can tell.
 */
export function chosenArchive<T>(sources: readonly T[], wheels: readonly T[]): T | undefined {
  return sources[0] ?? (wheels.length === 1 ? wheels[0] : undefined);
}

/** The same for `files = [{ file, hash }]` of poetry and pdm. */
export function hashesOfFiles(files: unknown): Hash[] {
  const all = records(files);
  const isWheel = (one: Record<string, unknown>) => String(one.file ?? one.url).endsWith('.whl');
  const chosen = chosenArchive(
    all.filter((one) => !isWheel(one)),
    all.filter(isWheel),
  );
  return prefixedHash(chosen?.hash);
}

/** A table that may be missing. */
export function tableOf(value: unknown, ...path: string[]): Readonly<Record<string, unknown>> {
  let at = value;
  for (const name of path) at = isRecord(at) ? at[name] : undefined;
  return isRecord(at) ? at : {};
}
