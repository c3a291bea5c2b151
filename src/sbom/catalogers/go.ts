import type { Classified } from '../classifiers.ts';
import { wantsExecutable } from '../executables.ts';
import { readExecutable } from '../formats/executable.ts';
import { type GoBuildInfo, type GoModule, readGoBuildInfo } from '../formats/go-build-info.ts';
import type { Cataloger, Hash, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** Go programs: the modules that each was built from, and the standard library. */
const go: Cataloger = {
  name: 'go',
  version: 2,
  files: [],
  reader: {
    ...wantsExecutable,
    read(bytes, _, once) {
      const executable = once(readExecutable);
      return executable && readGoBuildInfo(bytes, executable);
    },
  },
  *catalog(view) {
    const classified = new Map(view.readings<readonly Classified[]>('binary').map(({ path, value }) => [path, value]));
    for (const { path, value } of view.readings<GoBuildInfo>('go')) {
      yield* packagesOf(value, path, classified.get(path)?.[0]?.version);
    }
  },
};
export default go;

/** @param known what the program says of its version itself */
function* packagesOf(info: GoBuildInfo, path: string, known: string | undefined): Iterable<Package> {
  const library = toPackage('stdlib', libraryVersion(info.goVersion), path, {});
  const modules = info.modules.map((module) => toPackage(module.path, module.version, path, module));
  const found = [library, ...modules].filter((one) => one !== undefined);
  yield* found;
  const { main } = info;
  if (!main || main.path === '') return;
  const program = toPackage(main.path, mainVersion(main, info.settings, known), path, main);
  // The program needs all of them; which module needs which, it does not tell.
  if (program) yield { ...program, dependsOn: found.map(({ purl }) => purl), knowsDependencies: true };
}

function toPackage(module: string, version: string, path: string, { sum }: Partial<GoModule>): Package | undefined {
  const slash = module.lastIndexOf('/');
  const purl = tryPurl({
    type: 'golang',
    ...(slash > 0 ? { namespace: module.slice(0, slash) } : {}),
    name: module.slice(slash + 1),
    ...(version !== '' && version !== '(devel)' ? { version } : {}),
  });
  if (!purl) return undefined;
  const [, repository] = /^((?:github\.com|gitlab\.com|bitbucket\.org)\/[^/]+\/[^/]+)/.exec(module) ?? [];
  return {
    name: module,
    version: version || '(devel)',
    purl,
    ecosystem: 'golang',
    foundBy: 'go',
    ...stated({ hashes: hashesOf(sum), sourceUrl: repository && `https://${repository}` }),
    confidence: 1,
    evidence: [path],
  };
}

/** `go1.22.1 X:boringcrypto` → `1.22.1`. */
function libraryVersion(text: string): string {
  return (text.split(' ').find((word) => word.startsWith('go')) ?? text).replace(/^go/, '');
}

/**
 * A program that was built in its own source tree says `(devel)`; what the linker was told (`-X main.version=v1.2.3`)
 * or the commit it was built from tells more.
 */
function mainVersion(
  { version }: GoModule,
  settings: Readonly<Record<string, string>>,
  known: string | undefined,
): string {
  if (version !== '' && version !== '(devel)') return version;
  const [, told] = /-X[ =]['"]?[\w./-]*[vV]ersion=v?(\d+\.\d+[\w.+-]*)/.exec(settings['-ldflags'] ?? '') ?? [];
  if (told ?? known) return `v${told ?? known}`;
  const revision = settings['vcs.revision'];
  const time = settings['vcs.time']?.replace(/\D/g, '').slice(0, 14);
  return revision && time?.length === 14 ? `v0.0.0-${time}-${revision.slice(0, 12)}` : '';
}

/** Of go.sum: the SHA-256 of the list of the module's files with their own. */
function hashesOf(sum: string | undefined): Hash[] {
  const [, body = ''] = /^h1:([A-Za-z0-9+/]{43}=)$/.exec(sum ?? '') ?? [];
  return body === '' ? [] : [{ algorithm: 'SHA-256', value: Buffer.from(body, 'base64').toString('hex') }];
}
