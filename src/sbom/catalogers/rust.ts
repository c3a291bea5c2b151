import { inflateSync } from 'node:zlib';
import { wantsExecutable } from '../executables.ts';
import { readExecutable, sectionBytes } from '../formats/executable.ts';
import { isRecord, parseJson, stringOf } from '../json.ts';
import type { Cataloger, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';

const MAX_JSON = 8 << 20;
const MAX_CRATES = 20_000;

interface Crate {
  readonly name: string;
  readonly version: string;
  /** `crates.io`, `git`, `local`, `registry`. */
  readonly source: string;
  readonly dependencies: readonly number[];
}

/** Rust programs that were built with `cargo auditable`: the crates in them (RustSec, audit-info format). */
const rust: Cataloger = {
  name: 'rust',
  version: 1,
  files: [],
  reader: {
    ...wantsExecutable,
    read(bytes, _, once) {
      const executable = once(readExecutable);
      const packed = executable && sectionBytes(bytes, executable, '.dep-v0', 'rust-deps-v0');
      return packed && cratesOf(parseJson(inflateSync(packed, { maxOutputLength: MAX_JSON }).toString('utf8')));
    },
  },
  *catalog(view) {
    for (const { path, value } of view.readings<readonly Crate[]>('rust')) {
      const purls = value.map(({ name, version }) => tryPurl({ type: 'cargo', name, version }));
      for (const [index, crate] of value.entries()) {
        const purl = purls[index];
        if (purl) yield toPackage(crate, purl, purls, path);
      }
    }
  },
};
export default rust;

/** What was needed only to build, as macros and build scripts are, is not in the program. */
function cratesOf(document: unknown): Crate[] | undefined {
  if (!isRecord(document) || !Array.isArray(document.packages)) return undefined;
  const all = document.packages.slice(0, MAX_CRATES).map((one: unknown) => (isRecord(one) ? one : {}));
  const place = new Map<number, number>();
  for (const [index, { kind }] of all.entries()) if (kind !== 'build') place.set(index, place.size);
  return [...place.keys()].map((index) => {
    const { name, version, source, dependencies } = all[index] as Record<string, unknown>;
    const needed = Array.isArray(dependencies) ? dependencies : [];
    return {
      name: stringOf(name) ?? '',
      version: stringOf(version) ?? '',
      source: stringOf(source) ?? '',
      dependencies: needed.flatMap((one) => place.get(one) ?? []),
    };
  });
}

function toPackage(crate: Crate, purl: string, purls: readonly (string | undefined)[], path: string): Package {
  const { name, version, source, dependencies } = crate;
  return {
    name,
    version,
    purl,
    ecosystem: 'cargo',
    foundBy: 'rust',
    ...(/^crates\.?io$/.test(source)
      ? { downloadUrl: `https://crates.io/api/v1/crates/${name}/${version}/download` }
      : {}),
    dependsOn: dependencies.flatMap((one) => purls[one] ?? []),
    knowsDependencies: true,
    confidence: 1,
    evidence: [path],
  };
}
