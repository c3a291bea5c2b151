import { JAVA_ARCHIVE, type JavaArchive, type JavaProject, readJavaArchive } from '../formats/java-archive.ts';
import { knownGroup } from '../java-coordinates.ts';
import { webAddress } from '../json.ts';
import { expressionOf } from '../license.ts';
import type { Cataloger, FileView, Hash, Package } from '../package.ts';
import { tryPurl } from '../purl.ts';
import { stated } from '../stated.ts';

/** Java archives, and archives in them to any depth: by Maven's files, else by manifest and file name. */
const java: Cataloger = {
  name: 'java',
  version: 1,
  files: [],
  reader: {
    wants: ({ path, size }) => size > 22 && JAVA_ARCHIVE.test(path),
    // A jar may begin with a start script.
    accepts: (head) => /^(?:PK|#!)/.test(Buffer.from(head.subarray(0, 2)).toString('latin1')),
    read: (bytes) => readJavaArchive(bytes),
  },
  *catalog(view, { once }) {
    for (const { path, value } of view.readings<readonly JavaArchive[]>('java')) {
      const found = once({ path, bytes: value }, () => value.map((archive) => packagesOf(archive, path)));
      for (const { named, unnamed } of found) {
        yield* named;
        if (unnamed && !isOfRuntime(path, view)) yield unnamed;
      }
    }
  },
};
export default java;

interface Found {
  /** By Maven's files. */
  readonly named: readonly Package[];
  /** The archive itself, where these do not name it. */
  readonly unnamed: Package | undefined;
}

function packagesOf(archive: JavaArchive, path: string): Found {
  const place = archive.within === '' ? path : `${path}!/${archive.within}`;
  const file = fileName(place);
  const own = archive.projects.length === 1 ? archive.projects[0] : ownProject(archive.projects, file);
  const named = archive.projects.flatMap((project) => mavenPackage(project, archive, place, project === own) ?? []);
  return { named, unnamed: own ? undefined : unnamedPackage(archive, file, place) };
}

/** A Java runtime has jars of its own (`lib/jrt-fs.jar`), which are no packages beside it. */
function isOfRuntime(path: string, view: FileView): boolean {
  for (let at = path.indexOf('/lib/'); at > 0; at = path.indexOf('/lib/', at + 1)) {
    const home = path.slice(0, at);
    if (view.has(`${home}/bin/java`) && (view.has(`${home}/release`) || home.endsWith('/jre'))) return true;
  }
  return false;
}

/** `spring-core-6.1.2.jar` → `spring-core` and `6.1.2`: the version begins at the first digit behind a hyphen. */
function fileName(place: string): { name: string; version: string | undefined } {
  const base = place.slice(place.lastIndexOf('/') + 1).replace(JAVA_ARCHIVE, '');
  const [, name, version] = /^(.+?)[-_]v?(\d[\w.+-]*)$/.exec(base.slice(0, 300)) ?? [];
  // `spring3-core-3.x` stands for any version.
  return { name: name ?? base, version: version?.endsWith('.x') ? undefined : version };
}

/** Of several projects in one archive the one that it is named after; the others were shaded into it. */
function ownProject(projects: readonly JavaProject[], file: { name: string }): JavaProject | undefined {
  return (
    projects.find(({ artifactId }) => artifactId === file.name) ??
    projects.find(({ artifactId }) => file.name.startsWith(`${artifactId}-`))
  );
}

function mavenPackage(project: JavaProject, archive: JavaArchive, place: string, isOwn: boolean): Package | undefined {
  const { groupId, artifactId, version, licenses = [], dependencies = [] } = project;
  const purl = tryPurl({ type: 'maven', namespace: groupId, name: artifactId, version });
  if (!purl) return undefined;
  const declared = licenses.map(({ name, url }) => name ?? url ?? '').filter(Boolean);
  const bundle = isOwn ? archive.manifest['Bundle-License'] : undefined;
  const organization = project.organization ?? (isOwn ? archive.manifest['Implementation-Vendor'] : undefined);
  return {
    name: artifactId,
    version,
    purl,
    ecosystem: 'maven',
    foundBy: 'java',
    ...stated({
      declaredLicense: declared.length > 0 ? declared.join(' OR ') : bundle,
      concludedLicense: concludedLicense(
        declared.length > 0 ? licenses.map(({ name, url }) => [name, url]) : [[bundle]],
      ),
      supplier: organization ? { name: organization } : undefined,
      homepage: webAddress(project.url),
      sourceUrl: webAddress(project.scmUrl),
      description: project.description?.slice(0, 500),
      hashes: isOwn ? hashesOf(archive) : [],
    }),
    dependsOn: dependencies,
    provides: [`${groupId}:${artifactId}`],
    confidence: isOwn ? 1 : 0.9,
    evidence: [place],
  };
}

/**
 * An archive without Maven's files states no group id. Where its name and manifest leave no doubt it is known; else none
 * is made up, as a wrong coordinate names another's package: it is listed under its own name, less sure.
 */
function unnamedPackage(archive: JavaArchive, file: ReturnType<typeof fileName>, place: string): Package | undefined {
  const { manifest } = archive;
  const version =
    [manifest['Implementation-Version'], manifest['Bundle-Version'], manifest['Specification-Version']].find((one) =>
      /^v?\d[\w.+-]*$/.test(one ?? ''),
    ) ?? file.version;
  if (!version || file.name === '') return undefined;
  const name = file.name;
  const group = file.version && knownGroup(name, file.version, manifest);
  const purl = tryPurl({
    ...(group ? { type: 'maven', namespace: group } : { type: 'generic' }),
    name,
    version: file.version ?? version,
  });
  if (!purl) return undefined;
  const declared = manifest['Bundle-License'];
  const vendor = manifest['Implementation-Vendor'] ?? manifest['Bundle-Vendor'];
  return {
    name,
    version: file.version ?? version,
    purl,
    ecosystem: group ? 'maven' : 'generic',
    foundBy: 'java',
    ...stated({
      declaredLicense: declared,
      concludedLicense: concludedLicense([[declared]]),
      supplier: vendor ? { name: vendor } : undefined,
      homepage: webAddress(manifest['Bundle-DocURL'] ?? manifest['Implementation-URL']),
      description: (manifest['Bundle-Name'] ?? manifest['Implementation-Title'])?.slice(0, 500),
      hashes: hashesOf(archive),
    }),
    ...(group ? { provides: [`${group}:${name}`] } : {}),
    confidence: group
      ? 0.9
      : file.version &&
          (manifest['Implementation-Version'] === file.version || manifest['Bundle-Version'] === file.version)
        ? 0.7
        : 0.5,
    evidence: [place],
  };
}

function hashesOf({ sha1, sha256 }: JavaArchive): Hash[] {
  return [
    { algorithm: 'SHA-1', value: sha1 },
    { algorithm: 'SHA-256', value: sha256 },
  ];
}

const LICENSE_PAGES: readonly (readonly [RegExp, string])[] = [
  [/apache\.org\/licenses\/LICENSE-2\.0/i, 'Apache-2.0'],
  [/opensource\.org\/licenses\/(?:mit|MIT)/i, 'MIT'],
  [/opensource\.org\/licenses\/BSD-3-Clause/i, 'BSD-3-Clause'],
  [/opensource\.org\/licenses\/BSD-2-Clause/i, 'BSD-2-Clause'],
  [/eclipse\.org\/legal\/epl-v10/i, 'EPL-1.0'],
  [/eclipse\.org\/legal\/epl-(?:2\.0|v20)/i, 'EPL-2.0'],
  [/eclipse\.org\/org\/documents\/edl-v10/i, 'BSD-3-Clause'],
  [/creativecommons\.org\/publicdomain\/zero\/1\.0/i, 'CC0-1.0'],
  [/gnu\.org\/licenses\/old-licenses\/lgpl-2\.1/i, 'LGPL-2.1-only'],
];

const LICENSE_TITLES: readonly (readonly [RegExp, string])[] = [
  [/^(?:the )?apache (?:software )?licen[cs]e,? (?:version )?2(?:\.0)?$/i, 'Apache-2.0'],
  [/^apache(?:[- ]license)?[- ]v?2(?:\.0)?$/i, 'Apache-2.0'],
  [/^(?:the )?mit licen[cs]e$/i, 'MIT'],
  [/^eclipse public licen[cs]e(?:,| -)? (?:version |v ?)?1\.0$/i, 'EPL-1.0'],
  [/^eclipse public licen[cs]e(?:,| -)? (?:version |v(?:\.| )? ?)?2\.0$/i, 'EPL-2.0'],
  [/^eclipse distribution licen[cs]e(?:,| -)? v(?:\.|ersion)? ?1\.0$/i, 'BSD-3-Clause'],
  [/^(?:the )?(?:new|revised|3-clause) bsd licen[cs]e$|^bsd 3-clause(?: licen[cs]e)?$/i, 'BSD-3-Clause'],
];

/** Each licence by its title or its page; several are a choice (POM reference, "Licenses"). Undefined when one is unknown. */
function concludedLicense(licenses: readonly (readonly (string | undefined)[])[]): string | undefined {
  const found = licenses.map((texts) => {
    for (const text of texts) {
      const plain = text?.replace(/;.*/, '').trim() ?? '';
      const known = [...LICENSE_TITLES, ...LICENSE_PAGES].find(([pattern]) => pattern.test(plain));
      if (known) return known[1];
    }
    const [first] = texts;
    return first && !/^https?:/.test(first) ? expressionOf(first) : undefined;
  });
  if (found.length === 0 || found.some((one) => one === undefined)) return undefined;
  return found.length === 1 ? found[0] : expressionOf([...new Set(found)].map((one) => `(${one})`).join(' OR '));
}
