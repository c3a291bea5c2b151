import { parseYaml } from '../formats/yaml.ts';
import { isRecord, stringOf } from '../json.ts';
import { type Locked, lockCataloger, records } from '../lock.ts';
import { tableOf } from '../pypi-names.ts';

/** cabal.project.freeze: `any.aeson ==2.0.3.0`; stack.yaml.lock: `hackage: aeson-2.0.3.0@sha256:…,size`. */
export default lockCataloger({
  name: 'haskell-lock',
  ecosystem: 'hackage',
  files: ['**/cabal.project.freeze', '**/stack.yaml.lock'],
  read(file) {
    return { packages: file.path.endsWith('.freeze') ? readFreeze(file.text()) : readStack(file.text()) };
  },
});

function readFreeze(text: string): Locked[] {
  return [...text.matchAll(/(?:^|[\s,])any\.([A-Za-z0-9-]+) ==([\d.]+)/g)].map(([, name = '', version = '']) =>
    lockedOf(name, version),
  );
}

function readStack(text: string): Locked[] {
  const document = parseYaml(text);
  if (!isRecord(document)) throw new Error('no mapping');
  return records(document.packages).flatMap((one) => {
    const completed = tableOf(one.completed);
    const [, name, version] = /^([A-Za-z0-9-]+?)-([\d.]+)@/.exec(stringOf(completed.hackage) ?? '') ?? [];
    if (name && version) return [lockedOf(name, version)];
    const [ownName, ownVersion] = [stringOf(completed.name), stringOf(completed.version)];
    return ownName && ownVersion ? [lockedOf(ownName, ownVersion)] : [];
  });
}

function lockedOf(name: string, version: string): Locked {
  return { key: `${name}-${version}`, name, version, purl: { type: 'hackage', name, version } };
}
