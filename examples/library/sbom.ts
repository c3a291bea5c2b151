// The packages of an image, and of a project by its lock files; documents; a look at the licences.
import { writeFile } from 'node:fs/promises';
import { checkLicenses, createDirectorySbom, createSbom, cyclonedx, openGitIgnore, spdx, version } from 'dlint';

const [reference = 'app.tar', folder = '.'] = process.argv.slice(2);

const sbom = await createSbom(reference);
console.log(`${sbom.packages.length} packages, ${sbom.distro?.id ?? 'no distribution'}`);
for (const { purl, layer } of sbom.packages.slice(0, 3)) console.log(purl, `layer ${layer?.index}`);

// The same image gives the same document, byte for byte. Writers give pieces of text.
await writeFile('image.cdx.json', cyclonedx(sbom, { toolVersion: version }, '1.6'));
await writeFile('image.spdx.json', spdx(sbom, { toolVersion: version, sourceDateEpoch: 1_700_000_000 }));

const project = createDirectorySbom(folder, { kind: 'project', ignore: openGitIgnore(folder), excludeDev: true });
console.log(`pinned: ${project.packages.map(({ purl }) => purl).join(' ')}`);

for (const { rule, package: found, license } of checkLicenses(sbom.packages, { deny: ['GPL-*', 'AGPL-*'] })) {
  console.log(rule, found.name, license);
}
