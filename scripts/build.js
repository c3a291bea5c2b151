// Bundles src/ into dist/. The command line is CommonJS, which starts faster: dist/main.cjs, and one file for each
// dynamic import, loaded when it is reached. The library is ESM with shared chunks; tsc writes its types.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { lintOnly } from './lint-only.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
// Built beside the old one and put in its place at the end: a program that runs meanwhile finds its files.
const dist = resolve(root, `.dist-${process.pid}`);
const place = resolve(root, 'dist');
const started = performance.now();
const define = {
  'process.env.NODE_ENV': '"production"',
  'process.env.DLINT_BUILD': JSON.stringify(buildOf('src', 'rules')),
};

mkdirSync(dist);
try {
  await buildCommandLine();
  await buildLibrary();
  if (!process.argv.includes('--no-types')) buildTypes();
  await writeManifest();
  writeCodeCaches();
  putInPlace();
} finally {
  rmSync(dist, { recursive: true, force: true });
}
process.stdout.write(`dist/ built in ${Math.round(performance.now() - started)} ms\n`);

/** A digest of the sources, and of the versions of what is bundled with them. */
function buildOf(...folders) {
  const hash = createHash('sha256').update(readFileSync(resolve(root, 'package.json')));
  for (const folder of folders) {
    const files = readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map((file) => resolve(file.parentPath, file.name));
    for (const path of paths.sort()) hash.update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Every dynamic import becomes a file of its own: esbuild does not split CommonJS. */
async function buildCommandLine() {
  const built = new Map();
  const waiting = new Map([['main', resolve(root, 'src/main.ts')]]);
  waiting.set('lint-worker', resolve(root, 'src/lint-worker.ts'));
  waiting.set('layer-worker', resolve(root, 'src/layers/worker.ts'));
  waiting.set('sbom-worker', resolve(root, 'src/sbom/worker.ts'));
  while (waiting.size > 0) {
    const [name, file] = waiting.entries().next().value;
    waiting.delete(name);
    built.set(name, file);
    await bundle(name, file, (path) => {
      const chunk = chunkName(path);
      if (!built.has(chunk)) waiting.set(chunk, path);
      return `./${chunk}.cjs`;
    });
  }
}

async function bundle(name, file, toChunk) {
  await esbuild.build({
    entryPoints: [file],
    outfile: resolve(dist, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    supported: { 'dynamic-import': false },
    banner: { js: "'use strict';" },
    define: { ...define, 'import.meta': '__meta' },
    plugins: [chunks(toChunk), ...(name === 'lint' ? [lintOnly(resolve(root, 'rules'))] : [])],
    // oclif looks for TypeScript and plugins at run time; there are none in a bundle.
    external: ['typescript', 'ts-node'],
  });
  const out = resolve(dist, `${name}.cjs`);
  const code = readFileSync(out, 'utf8');
  // CommonJS has no import.meta; this is the part of it that is used.
  const meta =
    'const __meta={dirname:__dirname,filename:__filename,get url(){return require("node:url").pathToFileURL(__filename).href}};';
  if (/\b__meta\b/.test(code)) writeFileSync(out, code.replace(/^(["'])use strict\1;?/, `$&${meta}`));
}

/** Leaves dynamic imports of our files and of packages out of the bundle, as references to their chunks. */
function chunks(toChunk) {
  return {
    name: 'chunks',
    setup(build) {
      build.onResolve({ filter: /./ }, async (args) => {
        if (args.kind !== 'dynamic-import' || args.pluginData === 'inner' || args.path.startsWith('node:'))
          return undefined;
        if (args.importer.includes('/node_modules/')) return undefined;
        const found = await build.resolve(args.path, {
          kind: args.kind,
          importer: args.importer,
          resolveDir: args.resolveDir,
          pluginData: 'inner',
        });
        if (found.external || found.errors.length > 0) return found;
        return { path: toChunk(found.path), external: true };
      });
    },
  };
}

function chunkName(path) {
  const parts = path.split('/');
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return basename(path).replace(/\.ts$/, '');
  const name = parts.slice(at + 1, at + (parts[at + 1].startsWith('@') ? 3 : 2));
  return name.join('-').replace('@', '');
}

async function buildLibrary() {
  const entries = {
    index: 'src/index.ts',
    layers: 'src/layers/index.ts',
    rule: 'src/lint/rule.ts',
    testing: 'src/lint/testing.ts',
  };
  await esbuild.build({
    entryPoints: Object.fromEntries(
      Object.entries(entries)
        .map(([name, path]) => [name, resolve(root, path)])
        .filter(([, path]) => existsSync(path)),
    ),
    outdir: dist,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    define,
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS packages inside an ES module need a require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}

function buildTypes() {
  const tsc = spawnSync(
    process.execPath,
    [resolve(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', resolve(dist, 'types')],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (tsc.status !== 0) throw new Error(`tsc ended with ${tsc.status}`);
}

/** oclif's manifest spares it the loading of every command. */
async function writeManifest() {
  const { default: bundled } = await import(resolve(dist, 'oclif.cjs'));
  writeFileSync(
    resolve(dist, 'oclif.manifest.json'),
    `${JSON.stringify(await bundled.createManifest(), undefined, 1)}\n`,
  );
}

/** Typical runs, each in a process of its own, for what is loaded then. They stand in the order of what is used most. */
function writeCodeCaches() {
  const runs = [
    ['lint', 'examples/app/Dockerfile', '--fail-on', 'never'],
    ['inspect', 'examples/app/image.tar'],
    ['sbom', 'examples/app/image.tar'],
    ['rules'],
    ['lint', 'examples/app/Dockerfile', '--fail-on', 'never', '--config', 'scripts/code-cache.yaml'],
    ['lint', '--help'],
    ['--version'],
    ['lint', 'examples', '--fail-on', 'never'],
    ['lint', 'examples/*/Dockerfile', '--fail-on', 'never'],
  ];
  for (const words of runs) {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/code-cache.cjs', dist, ...words], {
      cwd: root,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`dlint ${words.join(' ')}: ${stderr}`);
  }
}

/** Another build may do the same at this moment; the last one stays. */
function putInPlace() {
  const old = `${dist}-old`;
  for (let tries = 0; ; tries++) {
    try {
      if (existsSync(place)) renameSync(place, old);
      renameSync(dist, place);
      break;
    } catch (error) {
      if (tries === 20) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}
