import { parseToml } from '../formats/toml.ts';
import { stringOf } from '../json.ts';
import { ByName, lockCataloger, records, texts } from '../lock.ts';
import type { Scope } from '../package.ts';
import { hashesOfFiles, pypiPurl, requiredName, tableOf } from '../pypi-names.ts';
import { normalizeName } from '../python-metadata.ts';
import { requiredByProject } from '../python-project.ts';

/** pdm.lock: one entry for each set of extras of a package; they are one package. */
export default lockCataloger({
  name: 'pdm-lock',
  ecosystem: 'pypi',
  files: ['**/pdm.lock'],
  manifests: ['**/pyproject.toml'],
  read(file, view) {
    const document = parseToml(file.text());
    const entries = records(document.package).filter((one) => stringOf(one.name) && stringOf(one.version));
    // Up to lock version 4.1: `"name version" = [ … ]`.
    const oldFiles = tableOf(document, 'metadata', 'files');
    const identified = entries.map((one) => ({
      key: `${one.name}[${texts(one.extras)}]@${one.version}`,
      name: normalizeName(String(one.name)),
      one,
    }));
    const names = new ByName(identified);
    const required = requiredByProject(file, view);
    const packages = identified.map(({ key, one }) => {
      const name = String(one.name);
      const version = String(one.version);
      const git = stringOf(one.git);
      const groups = texts(one.groups);
      const scope: Scope | undefined =
        groups.length === 0
          ? undefined
          : groups.includes('default')
            ? 'production'
            : groups.every(isDevelopment)
              ? 'development'
              : 'optional';
      return {
        key,
        name,
        version,
        purl: pypiPurl(
          name,
          version,
          git ? { vcs_url: `git+${git}@${stringOf(one.revision) ?? stringOf(one.ref) ?? ''}` } : {},
        ),
        hashes: hashesOfFiles(one.files ?? oldFiles[`${name} ${version}`]),
        ...(stringOf(one.summary) ? { description: String(one.summary).slice(0, 500) } : {}),
        ...(scope ? { scope } : {}),
        needs: texts(one.dependencies).flatMap((text) =>
          names.keys(requiredName(text) ?? '').filter((other) => other !== key),
        ),
      };
    });
    return {
      packages,
      ...(required
        ? { wanted: [...required].flatMap(([name, scope]) => names.keys(name).map((key) => ({ key, scope }))) }
        : {}),
      hasEdges: true,
    };
  },
});

/** Groups other than `default` are extras or for development; the lock file does not tell which, their names do. */
function isDevelopment(group: string): boolean {
  return /dev|test|lint|docs?$|type|check|ci$/i.test(group);
}
