import { type Locked, lockCataloger } from '../lock.ts';

/** gradle.lockfile (Gradle's docs, "Locking versions"): `group:artifact:version=configuration,…`; it has no edges. */
export default lockCataloger({
  name: 'gradle-lock',
  ecosystem: 'maven',
  files: ['**/gradle.lockfile', '**/*.lockfile'],
  read(file) {
    const isBuild = /(?:^|\/)buildscript-gradle\.lockfile$/.test(file.path);
    const packages: Locked[] = [];
    for (const line of file.text().split(/\r?\n/)) {
      const [, group, name, version, configurations = ''] = /^([^#:=\s]+):([^:=\s]+):([^:=\s]+)=(.*)$/.exec(line) ?? [];
      if (!group || !name || !version) continue;
      const isTool = configurations
        .split(',')
        .every((one) => /test|annotationprocessor|^kapt|^ksp|jacoco|checkstyle|detekt/i.test(one));
      packages.push({
        key: `${group}:${name}:${version}`,
        name: `${group}:${name}`,
        version,
        purl: { type: 'maven', namespace: group, name, version },
        scope: isBuild || isTool ? 'development' : 'production',
      });
    }
    return { packages };
  },
});
