import { parseYaml } from '../formats/yaml.ts';
import { isRecord, stringOf } from '../json.ts';
import { type Locked, lockCataloger, texts, type Wanted } from '../lock.ts';
import { tableOf } from '../pypi-names.ts';

/**
 * Podfile.lock: `Name/Subspec (1.0.0)`, with a list of what it needs. Subspecs are parts of one pod. A pod from a folder
 * is a part of the project, and what it needs the project needs.
 */
export default lockCataloger({
  name: 'podfile-lock',
  ecosystem: 'cocoapods',
  files: ['**/Podfile.lock'],
  read(file) {
    const document = parseYaml(file.text());
    if (!isRecord(document) || !Array.isArray(document.PODS)) throw new Error('no pods in it');
    const sources = tableOf(document['EXTERNAL SOURCES']);
    const checkouts = tableOf(document['CHECKOUT OPTIONS']);
    const isFolder = (name: string) => tableOf(sources, mainOf(name))[':path'] !== undefined;
    const pods = document.PODS.flatMap((pod): Locked[] => {
      const [stated, needs] = isRecord(pod) ? (Object.entries(pod)[0] ?? []) : [pod, []];
      const [, name, version] = /^(\S+) \(([^)]+)\)$/.exec(String(stated)) ?? [];
      if (!name || !version) return [];
      const main = mainOf(name);
      const vcs = gitOf(tableOf(checkouts, main));
      return [
        {
          key: name,
          name,
          version,
          purl: {
            type: 'cocoapods',
            name: main,
            version,
            qualifiers: { vcs_url: vcs },
            subpath: name.slice(main.length + 1) || null,
          },
          needs: texts(needs).map(nameOf),
        },
      ];
    });
    const packages = pods.filter(({ name }) => !isFolder(name));
    const own = pods.filter(({ name }) => isFolder(name)).flatMap(({ needs = [] }) => needs);
    const named = [...texts(document.DEPENDENCIES).map(nameOf), ...own];
    return { packages, wanted: named.map((key): Wanted => ({ key, scope: 'production' })), hasEdges: true };
  },
});

/** `Name (~> 1.0)`, `Name (from `../x`)` */
function nameOf(text: string): string {
  return text.split(' ')[0] ?? '';
}

/** The pod of a subspec. */
function mainOf(name: string): string {
  return name.split('/', 1)[0] ?? '';
}

function gitOf(checkout: Readonly<Record<string, unknown>>): string | undefined {
  const url = stringOf(checkout[':git']);
  const commit = stringOf(checkout[':commit']) ?? stringOf(checkout[':tag']);
  return url && commit ? `git+${url}@${commit}` : undefined;
}
