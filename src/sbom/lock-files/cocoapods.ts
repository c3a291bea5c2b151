import { parseYaml } from '../formats/yaml.ts';
import { isRecord } from '../json.ts';
import { type Locked, lockCataloger, texts, type Wanted } from '../lock.ts';

/** Podfile.lock: `Name/Subspec (1.0.0)`, with a list of what it needs. Subspecs are parts of one pod. */
export default lockCataloger({
  name: 'podfile-lock',
  ecosystem: 'cocoapods',
  files: ['**/Podfile.lock'],
  read(file) {
    const document = parseYaml(file.text());
    if (!isRecord(document) || !Array.isArray(document.PODS)) throw new Error('no pods in it');
    const packages = document.PODS.flatMap((pod): Locked[] => {
      const [stated, needs] = isRecord(pod) ? (Object.entries(pod)[0] ?? []) : [pod, []];
      const [, name, version] = /^(\S+) \(([^)]+)\)$/.exec(String(stated)) ?? [];
      if (!name || !version) return [];
      const [main = '', ...subspec] = name.split('/');
      return [
        {
          key: name,
          name,
          version,
          purl: { type: 'cocoapods', name: main, version, subpath: subspec.join('/') || null },
          needs: texts(needs).map(nameOf),
        },
      ];
    });
    const wanted = texts(document.DEPENDENCIES).map((one): Wanted => ({ key: nameOf(one), scope: 'production' }));
    return { packages, wanted, hasEdges: true };
  },
});

/** `Name (~> 1.0)`, `Name (from `../x`)` */
function nameOf(text: string): string {
  return text.split(' ')[0] ?? '';
}
