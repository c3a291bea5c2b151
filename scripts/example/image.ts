import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LayerSource, type Member, packArchive, packLayer } from './archive.ts';
import { dpkgFiles, dpkgStatus, installedPython, json, program } from './install.ts';
import { addedPackages, basePackages, nodePackages, pythonPackages } from './packages.ts';

/*
 * Makes examples/app/image.tar: what building examples/app/Dockerfile leaves behind, cut down to fit a repository.
 * Layers, whiteouts, history, package databases and owners are as a build leaves them; programs and libraries are
 * pseudo-random bytes, a small fraction of their real size.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const APP_USER = 1000;
const rootHome: Member = { path: 'root', directory: true, mode: 0o700 };

const appFiles = ['.dockerignore', 'Dockerfile', 'app.py', 'requirements.txt', 'web/index.js', 'web/package.json'];

/** The archive's bytes. The same for the same repository content and epoch (seconds). */
export async function exampleImage(epoch = 1_700_000_000): Promise<Uint8Array> {
  const layers: LayerSource[] = [];
  for (const { createdBy, members } of steps()) {
    layers.push(members === null ? { createdBy } : { createdBy, tar: await packLayer(members, epoch) });
  }
  return packArchive(layers, {
    tag: 'guestbook:latest',
    epoch,
    config: {
      User: 'app',
      ExposedPorts: { '8080/tcp': {} },
      Env: ['PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin', 'LANG=C.UTF-8', 'API_TOKEN=example-not-a-secret'],
      Cmd: ['/bin/sh', '-c', 'python app.py'],
      WorkingDir: '/app',
      Labels: { 'org.opencontainers.image.title': 'guestbook' },
    },
  });
}

interface Step {
  readonly createdBy: string;
  /** null: the instruction made no layer. */
  readonly members: readonly Member[] | null;
}

function steps(): Step[] {
  const run = (command: string, members: readonly Member[]): Step => ({
    createdBy: `RUN /bin/sh -c ${command} # buildkit`,
    members,
  });
  return [
    { createdBy: "# debian.sh --arch 'amd64' out/ 'bookworm' '@1700000000'", members: debianBase() },
    { createdBy: 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin', members: null },
    { createdBy: 'ENV LANG=C.UTF-8', members: null },
    run('make -C /usr/src/python install', pythonBase()),
    { createdBy: 'CMD ["python3"]', members: null },
    { createdBy: 'LABEL org.opencontainers.image.title=guestbook', members: null },
    { createdBy: 'WORKDIR /app', members: [{ path: 'app', directory: true }] },
    { createdBy: 'COPY . . # buildkit', members: application() },
    run('apt-get update', packageLists()),
    run('apt-get install -y curl nodejs npm', installedDebian()),
    run('pip install -r requirements.txt', pythonPackages.flatMap(installedPython).concat(pipCache())),
    run('cd web && npm install', installedNode()),
    run('rm -rf /var/lib/apt/lists/* /root/.cache /root/.npm', [
      ...packageLists().map(({ path }): Member => ({ path, removed: true })),
      rootHome,
      { path: 'root/.cache', removed: true },
      { path: 'root/.npm', removed: true },
    ]),
    run('useradd app && chown -R app:app /app', changedOwner()),
    { createdBy: 'ENV API_TOKEN=example-not-a-secret', members: null },
    { createdBy: 'EXPOSE map[8080/tcp:{}]', members: null },
    { createdBy: 'USER app', members: null },
    { createdBy: 'CMD ["/bin/sh" "-c" "python app.py"]', members: null },
  ];
}

function debianBase(): Member[] {
  return [
    { path: 'bin', link: 'usr/bin' },
    { path: 'lib', link: 'usr/lib' },
    { path: 'sbin', link: 'usr/sbin' },
    { path: 'usr/bin/sh', link: 'bash' },
    { path: 'tmp', directory: true, mode: 0o1777 },
    rootHome,
    { path: 'etc/debian_version', body: '12.12\n' },
    { path: 'etc/os-release', link: '../usr/lib/os-release' },
    {
      path: 'usr/lib/os-release',
      body: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n',
    },
    { path: 'etc/passwd', body: 'root:x:0:0:root:/root:/bin/bash\n' },
    { path: 'etc/group', body: 'root:x:0:\n' },
    { path: 'var/lib/dpkg/status', body: dpkgStatus(basePackages) },
    ...basePackages.flatMap(dpkgFiles),
  ];
}

function pythonBase(): Member[] {
  return [
    program('usr/local/bin/python3.13', 9_000),
    { path: 'usr/local/bin/python3', link: 'python3.13' },
    { path: 'usr/local/bin/python', link: 'python3' },
    program('usr/local/lib/libpython3.13.so.1.0', 88_000),
    program('usr/local/lib/python3.13/lib-dynload/_ssl.so', 12_000),
    { path: 'usr/local/lib/python3.13/os.py', body: '# the os module of the example\n' },
    ...installedPython({ name: 'pip', version: '25.3', license: 'MIT', requires: [], bytes: 19_000 }),
  ];
}

function application(): Member[] {
  return [
    ...appFiles.map((path) => ({ path: `app/${path}`, body: readFileSync(`${root}examples/app/${path}`) })),
    { path: 'app/.git/HEAD', body: 'ref: refs/heads/main\n' },
    program('app/.git/objects/pack/pack-7d1c3a.pack', 58_000, 0o444),
  ];
}

function packageLists(): Member[] {
  const repository = 'var/lib/apt/lists/deb.debian.org_debian_dists_bookworm';
  return [
    program(`${repository}_InRelease`, 15_000, 0o644),
    program(`${repository}_main_binary-amd64_Packages.lz4`, 140_000, 0o644),
  ];
}

function installedDebian(): Member[] {
  return [
    { path: 'var/lib/dpkg/status', body: dpkgStatus([...basePackages, ...addedPackages]) },
    { path: 'var/log/apt/history.log', body: 'Commandline: apt-get install -y curl nodejs npm\n' },
    program('var/cache/apt/pkgcache.bin', 36_000, 0o644),
    ...addedPackages.flatMap(dpkgFiles),
  ];
}

function pipCache(): Member[] {
  return [rootHome, program('root/.cache/pip/http-v2/a/7/c/a7c0d5.body', 74_000, 0o600)];
}

function installedNode(): Member[] {
  const hidden: Record<string, object> = {};
  const members: Member[] = [];
  for (const { name, version, license, dependencies, bytes } of nodePackages) {
    const folder = `app/web/node_modules/${name}`;
    const manifest = { name, version, license, main: 'index.js', dependencies };
    hidden[`node_modules/${name}`] = { version, license, dependencies };
    members.push({ path: `${folder}/package.json`, body: json(manifest) });
    members.push(program(`${folder}/index.js`, bytes, 0o644));
  }
  const lock = { name: 'guestbook-web', lockfileVersion: 3, requires: true };
  members.push({ path: 'app/web/node_modules/.package-lock.json', body: json({ ...lock, packages: hidden }) });
  const own = { name: 'guestbook-web', dependencies: { debug: '^4.4.0' } };
  members.push({ path: 'app/web/package-lock.json', body: json({ ...lock, packages: { '': own, ...hidden } }) });
  members.push(rootHome, program('root/.npm/_cacache/content-v2/sha512/3f/21/c9', 21_000));
  return members;
}

function changedOwner(): Member[] {
  return [
    { path: 'etc/passwd', body: 'root:x:0:0:root:/root:/bin/bash\napp:x:1000:1000::/home/app:/bin/sh\n' },
    { path: 'etc/group', body: 'root:x:0:\napp:x:1000:\n' },
    { path: 'app', directory: true, owner: APP_USER },
    ...[...application(), ...installedNode()]
      .filter(({ path }) => path.startsWith('app/'))
      .map((member) => ({ ...member, owner: APP_USER })),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  writeFileSync(`${root}examples/app/image.tar`, await exampleImage(epoch === undefined ? undefined : Number(epoch)));
}
