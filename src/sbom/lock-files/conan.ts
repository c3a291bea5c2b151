import { isRecord, parseJson, stringOf } from '../json.ts';
import { type Locked, lockCataloger, members, texts, type Wanted } from '../lock.ts';
import type { Scope } from '../package.ts';
import { tableOf } from '../pypi-names.ts';

/** conan.lock: Conan 2 has lists of references, Conan 1 a graph whose node 0 is the project. */
export default lockCataloger({
  name: 'conan-lock',
  ecosystem: 'conan',
  files: ['**/conan.lock'],
  read(file) {
    const document = parseJson(file.text());
    if (!isRecord(document)) throw new Error('no JSON object');
    const nodes = tableOf(document, 'graph_lock', 'nodes');
    if (Object.keys(nodes).length > 0) return readGraph(nodes);
    const of = (field: string, scope: Scope) =>
      texts(document[field]).map((one, at) => lockedOf(`${field} ${at}`, one, scope));
    const all = [
      ...of('requires', 'production'),
      ...of('build_requires', 'development'),
      ...of('python_requires', 'development'),
    ];
    return { packages: all.filter((one) => one !== undefined) };
  },
});

function readGraph(nodes: Readonly<Record<string, unknown>>) {
  const packages: Locked[] = [];
  for (const [key, node] of members(nodes)) {
    const one = isRecord(node) ? lockedOf(key, stringOf(node.ref) ?? '', undefined) : undefined;
    if (one && isRecord(node) && node.path === undefined)
      packages.push({ ...one, needs: texts(node.requires), mayNeed: texts(node.build_requires) });
  }
  const root = tableOf(nodes['0']);
  const wanted: Wanted[] = [
    ...texts(root.requires).map((key): Wanted => ({ key, scope: 'production' })),
    ...texts(root.build_requires).map((key): Wanted => ({ key, scope: 'development' })),
  ];
  return { packages, ...(wanted.length > 0 ? { wanted } : {}), hasEdges: true };
}

/** `name/version@user/channel#revision%time` */
function lockedOf(key: string, reference: string, scope: Scope | undefined): Locked | undefined {
  const [, name, version, user, channel] = /^([^/@#]+)\/([^@#%]+)(?:@([^/#%]+)\/([^#%]+))?/.exec(reference) ?? [];
  if (!name || !version) return undefined;
  const place = user && user !== '_' ? { user, channel } : {};
  return {
    key,
    name,
    version,
    purl: { type: 'conan', namespace: user && user !== '_' ? user : null, name, version, qualifiers: place },
    ...(scope ? { scope } : {}),
  };
}
