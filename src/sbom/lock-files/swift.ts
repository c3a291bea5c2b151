import { isRecord, parseJson, stringOf } from '../json.ts';
import { type Locked, lockCataloger, records } from '../lock.ts';
import { tableOf } from '../pypi-names.ts';

/** Package.resolved of the Swift package manager, versions 1 to 3. The purl's namespace is where the source is. */
export default lockCataloger({
  name: 'swift-resolved',
  ecosystem: 'swift',
  files: ['**/Package.resolved'],
  read(file) {
    const document = parseJson(file.text());
    if (!isRecord(document)) throw new Error('no JSON object');
    const pins = records(document.pins ?? tableOf(document.object).pins);
    return { packages: pins.map(lockedOf).filter((one) => one !== undefined) };
  },
});

function lockedOf(pin: Readonly<Record<string, unknown>>): Locked | undefined {
  const location = stringOf(pin.location) ?? stringOf(pin.repositoryURL) ?? '';
  const { version, revision } = tableOf(pin.state);
  const found = stringOf(version) ?? stringOf(revision);
  const [, place, name] =
    /^(?:\w+:\/\/)?(?:[^@/]*@)?([^/:]+[/:].*?)\/([^/]+?)(?:\.git)?\/?$/.exec(location.slice(0, 1000)) ?? [];
  if (!place || !name || !found) return undefined;
  const namespace = place.replace(':', '/');
  return {
    key: location,
    name: `${namespace}/${name}`,
    version: found,
    purl: { type: 'swift', namespace, name, version: found },
    sourceUrl: `https://${namespace}/${name}`,
  };
}
