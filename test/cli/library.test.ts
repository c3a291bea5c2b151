import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const load = (file: string) => import(/* @vite-ignore */ pathToFileURL(resolve(root, 'dist', file)).href);

test('dlint/rule and dlint/testing are there for those who write rules', async () => {
  expect((await load('rule.js')).defineRule).toBeTypeOf('function');
  expect((await load('testing.js')).testRule).toBeTypeOf('function');
});

test('dlint/layers has of the library what is about images', async () => {
  const [layers, whole] = [await load('layers.js'), await load('index.js')];
  for (const [name, value] of Object.entries(layers)) expect(whole[name], name).toBe(value);
  expect(Object.keys(layers)).toContain('scanLayers');
  expect(Object.keys(layers)).not.toContain('lint');
});

test('the library has what docs/library.md names, and nothing else', async () => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
  const [, table = ''] = /## Exports\n([\s\S]*?)(?=\n## |$)/.exec(page) ?? [];
  const named = new Set([...table.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const exported = Object.keys(await load('index.js'));
  expect(exported.filter((name) => !named.has(name))).toEqual([]);
  const types = readFileSync(join(root, 'src/index.ts'), 'utf8');
  expect([...named].filter((name) => !new RegExp(`\\b${name}\\b`).test(types))).toEqual([]);
});

/** What each of examples/library prints. */
const examples: Readonly<Record<string, { words?: readonly string[]; prints: readonly RegExp[] }>> = {
  lint: { prints: [/^warning pip-cache: .+ \(pip install\)$/m] },
  config: {
    words: ['app/Dockerfile'],
    prints: [/^app\/Dockerfile:2:6 {2}warning {2}base-image-latest/m, /^\d\d? results in SARIF$/m],
  },
  fix: { prints: [/^pip-cache: Add --no-cache-dir$/m, /^RUN pip install --no-cache-dir flask$/m] },
  inspect: {
    words: ['app/image.tar'],
    prints: [
      /^docker-archive sha256:118ffb6e\S* .* 10 layers$/m,
      /^\d+ bytes, 31\.3 % of them dead$/m,
      /^#+ .*image\.tar/m,
    ],
  },
  list: { words: ['app/image.tar'], prints: [/^1 6 etc\/debian_version$/m, /^\d+ 331 app\/app\.py$/m] },
  sbom: {
    words: ['app/image.tar', 'app'],
    prints: [
      /^25 packages, debian$/m,
      /^pkg:deb\/debian\/\S+ layer 1$/m,
      /^pinned: pkg:pypi\/gunicorn@23.0.0$/m,
      /^license-denied \S+ GPL/m,
    ],
  },
  rule: { prints: [/take acme-get instead of curl/] },
};

describe('examples/library', () => {
  /** A project that has the package installed: its manifest, what is built, and types as the build emits them. */
  let project = '';

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'dlint-library-'));
    const installed = join(project, 'node_modules/dlint');
    mkdirSync(join(installed, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(installed, 'package.json'));
    for (const name of readdirSync(join(root, 'dist'))) {
      if (name !== 'types') symlinkSync(join(root, 'dist', name), join(installed, 'dist', name));
    }
    tsc(['-p', join(root, 'tsconfig.build.json'), '--outDir', join(installed, 'dist/types')]);
    mkdirSync(join(project, 'node_modules/@types'));
    symlinkSync(join(root, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'));
    symlinkSync(join(root, 'node_modules/undici-types'), join(project, 'node_modules/undici-types'));
    cpSync(join(root, 'examples/library'), join(project, 'src'), { recursive: true });
    cpSync(join(root, 'examples/app'), join(project, 'app'), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }');
    const options = {
      strict: true,
      target: 'es2022',
      module: 'nodenext',
      types: ['node'],
      rootDir: 'src',
      outDir: 'out',
    };
    writeFileSync(
      join(project, 'tsconfig.json'),
      // Types of the package are checked, too: what they import must be in it.
      JSON.stringify({ compilerOptions: { ...options, skipLibCheck: false }, include: ['src'] }),
    );
  }, 120_000);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test('their types are right against those of the package, which need nothing but itself', {
    timeout: 120_000,
  }, () => {
    tsc(['-p', project]);
    expect(readdirSync(join(project, 'out')).sort()).toEqual(
      Object.keys(examples)
        .map((name) => `${name}.js`)
        .sort(),
    );
  });

  test.each(Object.entries(examples))('%s runs', { timeout: 60_000 }, (name, { words = [], prints }) => {
    const run = spawnSync(process.execPath, [`out/${name}.js`, ...words], { cwd: project, encoding: 'utf8' });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
    for (const line of prints) expect(run.stdout).toMatch(line);
  });

  test('docs/library.md shows them as they are', () => {
    const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
    for (const name of Object.keys(examples)) {
      const text = readFileSync(join(root, `examples/library/${name}.ts`), 'utf8');
      expect(page, `${name}.ts`).toContain(`\`\`\`ts\n${text}\`\`\`\n`);
    }
  });
});

function tsc(words: readonly string[]): void {
  const program = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [program, ...words], { cwd: root, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}
