// node snyk.cjs FOLDER IMAGE: the package URLs of all dependency graphs that snyk-docker-plugin makes of an archive.
const { join } = require('node:path');
const [, , folder, image] = process.argv;
const TYPES = {
  deb: 'deb',
  npm: 'npm',
  pip: 'pypi',
  maven: 'maven',
  gomodules: 'golang',
  gobinary: 'golang',
  rpm: 'rpm',
  apk: 'apk',
  nuget: 'nuget',
};
require(join(folder, 'node_modules/snyk-docker-plugin'))
  .scan({ path: `docker-archive:${image}`, 'exclude-base-image-vulns': false })
  .then(({ scanResults }) => {
    const all = new Set();
    for (const { facts } of scanResults)
      for (const { type, data } of facts) {
        if (type !== 'depGraph') continue;
        for (const { name, version, purl } of data.getDepPkgs()) {
          const ecosystem = TYPES[data.pkgManager.name];
          if (purl) all.add(purl);
          else if (ecosystem && version)
            all.add(
              `pkg:${ecosystem}/${ecosystem === 'deb' ? name.split('/').pop() : name.replace(/^@/, '%40').replace(':', '/')}@${encodeURIComponent(version)}`,
            );
        }
      }
    process.stdout.write(`${[...all].join('\n')}\n`);
  });
