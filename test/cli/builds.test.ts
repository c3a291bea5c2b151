import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { dlint, folder } from '../support/cli.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const { remove } of made.splice(0)) remove();
});

type Files = Readonly<Record<string, string>>;

function enter(files: Files): string {
  const { path, remove } = folder(files);
  made.push({ remove });
  return path;
}

const rules = 'sudo,unknown-target,unused-build-arg,secret-build-arg,root-user,copy-missing-source,base-image-latest';

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly select?: string;
}

/** Places and rules of what is found, and what went to standard error. */
function lint(files: Files, args: readonly string[], { env, input, select = rules }: Options = {}) {
  const cwd = enter(files);
  const options = { cwd, ...(env && { env }), ...(input !== undefined && { input }) };
  const { stdout, stderr, status } = dlint(['lint', ...args, '--select', select, '-f', 'compact'], options);
  const found = stdout.split('\n').filter((line) => line !== '');
  return { found: found.map((line) => line.replace(/^(\S+): \w+ ([\w-]+).*/, '$1 $2')), stderr, status, cwd };
}

const sudo = 'FROM a:1\nRUN sudo x\n';

describe('compose', () => {
  test('which Dockerfile, in which context', () => {
    const { found, stderr } = lint(
      {
        'compose.yaml':
          'services:\n  a:\n    build: a\n  b:\n    build:\n      context: ./b\n      dockerfile: ../odd.name\n  c:\n    image: x\n  d:\n    build: https://example.org/a.git\n    profiles: [dev]\n',
        'a/Dockerfile': sudo,
        'odd.name': `${sudo}COPY here there /\n`,
        'b/here': '',
        'unnamed/Dockerfile': sudo,
      },
      ['compose.yaml'],
    );
    expect(found).toEqual(['a/Dockerfile:2:5 sudo', 'odd.name:2:5 sudo', 'odd.name:3:11 copy-missing-source']);
    expect(stderr).toBe('');
  });

  test('targets, arguments, secrets: findings stand in the compose file', () => {
    const { found, status } = lint(
      {
        'compose.yaml':
          'services:\n  a:\n    build:\n      context: .\n      target: prod\n      args:\n        - VERSION=1\n        - API_TOKEN\n        - OTHER=x\n',
        Dockerfile: 'FROM a:1 AS production\nARG VERSION\nARG API_TOKEN\n',
      },
      ['compose.yaml'],
    );
    expect(found).toEqual([
      'compose.yaml:5:15 unknown-target',
      'compose.yaml:8:11 secret-build-arg',
      'compose.yaml:9:11 unused-build-arg',
    ]);
    expect(status).toBe(1);
  });

  test('a Dockerfile is linted for each build that differs, and told of once', () => {
    const files = {
      'compose.yaml':
        'services:\n  a: { build: { context: ., target: dev, args: { TAG: latest } } }\n  b: { build: { context: ., target: prod, args: { TAG: "1" } } }\n',
      Dockerfile:
        'ARG TAG\nFROM a:$TAG AS dev\nUSER root\nRUN sudo x\nFROM b:1 AS prod\nUSER root\nFROM c:1 AS last\nUSER root\n',
    };
    const expected = [
      'Dockerfile:2:6 base-image-latest',
      'Dockerfile:3:6 root-user',
      'Dockerfile:4:5 sudo',
      'Dockerfile:6:6 root-user',
    ];
    expect(lint(files, ['compose.yaml']).found).toEqual(expected);
    // Found by itself, the file is linted to its end, too.
    expect(lint(files, ['.']).found).toEqual([...expected, 'Dockerfile:8:6 root-user']);
    const { found } = lint(files, ['Dockerfile']);
    expect(found).toEqual(['Dockerfile:4:5 sudo', 'Dockerfile:8:6 root-user']);
  });

  test('anchors and merge keys: places are those behind the anchor', () => {
    const { found } = lint(
      {
        'compose.yaml':
          'x-a: &a\n  context: app\n  args: &args { A: 1, NOPE: 2 }\nservices:\n  a:\n    build:\n      <<: *a\n      target: none\n  b:\n    build: { <<: [*a], args: { <<: *args, A: 3 } }\n',
        'app/Dockerfile': 'FROM a:1\nARG A\n',
      },
      ['compose.yaml'],
    );
    expect(found).toEqual(['compose.yaml:3:23 unused-build-arg', 'compose.yaml:8:15 unknown-target']);
  });

  test('variables: the environment before .env before defaults', () => {
    const files = {
      '.env': 'DIR=from-env\nFILE=Dockerfile.env\n',
      'compose.yaml':
        'services:\n  a:\n    build:\n      context: ${DIR:-none}\n      dockerfile: ${FILE}\n  b:\n    build: ${OTHER_DIR:-by-default}\n',
      'from-env/Dockerfile.env': sudo,
      'from-env/Dockerfile.shell': sudo,
      'by-default/Dockerfile': sudo,
    };
    const { found } = lint(files, ['compose.yaml']);
    expect(found).toEqual(['from-env/Dockerfile.env:2:5 sudo', 'by-default/Dockerfile:2:5 sudo']);
    const shell = lint(files, ['compose.yaml'], { env: { FILE: 'Dockerfile.shell' } });
    expect(shell.found).toEqual(['from-env/Dockerfile.shell:2:5 sudo', 'by-default/Dockerfile:2:5 sudo']);
  });

  test('extends, include and the override file', () => {
    const { found, stderr } = lint(
      {
        'docker-compose.yml':
          'include: [other/compose.yaml]\nservices:\n  a:\n    extends: { file: base/common.yml, service: base }\n    build: { target: dev }\n  b:\n    extends: a\n  c:\n    build: c\n',
        'docker-compose.override.yml': 'services:\n  c:\n    build: { target: none }\n',
        'base/common.yml': 'services:\n  base:\n    build: { context: ./in, args: { X: 1 } }\n',
        'base/in/Dockerfile': `${sudo}FROM b:1 AS dev\n`,
        'c/Dockerfile': sudo,
        'other/compose.yaml': 'services:\n  o:\n    build: here\n',
        'other/here/Dockerfile': sudo,
      },
      ['docker-compose.yml'],
    );
    expect(stderr).toBe('');
    expect(found.sort()).toEqual([
      'base/common.yml:3:37 unused-build-arg',
      'base/in/Dockerfile:2:5 sudo',
      'c/Dockerfile:2:5 sudo',
      'docker-compose.override.yml:3:22 unknown-target',
      'other/here/Dockerfile:2:5 sudo',
    ]);
  });

  test('files that are included have the folder and the variables that are said', () => {
    const { found, stderr } = lint(
      {
        'compose.yaml':
          'include:\n  - path: [sub/a.yaml, sub/b.yaml]\n    project_directory: other\n    env_file: sub/v.env\n',
        '.env': 'MINE=of-project\n',
        'sub/a.yaml': 'services:\n  a:\n    build: { context: "${DIR}", target: none }\n',
        'sub/b.yaml': 'services:\n  a:\n    build: { dockerfile: "${MINE}" }\n',
        'sub/v.env': 'DIR=dir\nMINE=of-include\n',
        'other/dir/of-project': sudo,
      },
      ['compose.yaml'],
    );
    expect(stderr).toBe('');
    expect(found).toEqual(['other/dir/of-project:2:5 sudo', 'sub/a.yaml:3:41 unknown-target']);
  });

  test('variables in an extended file are those of the project', () => {
    const { found } = lint(
      {
        'compose.yaml': 'services:\n  a:\n    extends: { file: base/b.yaml, service: b }\n',
        '.env': 'F=project\n',
        'base/.env': 'F=base\n',
        'base/b.yaml': 'services:\n  b:\n    build: { context: ., dockerfile: $F }\n',
        'base/project': sudo,
      },
      ['compose.yaml'],
    );
    expect(found).toEqual(['base/project:2:5 sudo']);
  });

  test('!reset, !override, and the home folder', () => {
    const { found, stderr } = lint(
      {
        'compose.yaml':
          'services:\n  a: { build: { context: nowhere } }\n  b: { build: { context: ., target: none } }\n  c: { build: !reset null }\n  d: { build: ~/home }\n',
        'compose.override.yaml': 'services:\n  a: { build: !reset null }\n  b: { build: !override { context: x } }\n',
        'x/Dockerfile': sudo,
        'h/home/Dockerfile': sudo,
      },
      ['compose.yaml'],
      { env: { HOME: 'h' } },
    );
    expect(stderr).toBe('');
    expect(found).toEqual(['h/home/Dockerfile:2:5 sudo', 'x/Dockerfile:2:5 sudo']);
  });

  test('the platform of the build, or of the service', () => {
    const Dockerfile = 'FROM a:1 AS build-arm64\nFROM build-$TARGETARCH\n';
    const run = (service: string) =>
      lint({ 'compose.yaml': `services:\n  a: { ${service} }\n`, Dockerfile }, ['compose.yaml'], {
        select: 'base-image-tag',
      }).found;
    expect(run('build: ., platform: linux/amd64')).toEqual(['Dockerfile:2:6 base-image-tag']);
    expect(run('build: { context: ., platforms: [linux/arm64] }, platform: linux/amd64')).toEqual([]);
    expect(run('build: .')).toEqual([]);
  });

  test('names of additional contexts are no images', () => {
    const files = {
      'compose.yaml': 'services:\n  a:\n    build:\n      context: .\n      additional_contexts: { assets: ./x }\n',
      Dockerfile: 'FROM a:1\nCOPY --from=assets /a /b\n',
    };
    const select = 'copied-image-tag,unknown-copy-source';
    expect(lint(files, ['Dockerfile'], { select }).found).not.toEqual([]);
    expect(lint(files, ['compose.yaml'], { select }).found).toEqual([]);
  });

  test('Dockerfiles inside: findings stand in their lines, with repairs that keep the file', () => {
    const { cwd, found } = lint(
      {
        'compose.yaml':
          'services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM python:3.13\n        RUN pip install x==1 && \\\n          sudo $$HOME\n',
      },
      ['.'],
      { select: 'sudo,pip-cache' },
    );
    expect(found).toEqual(['compose.yaml:6:13 pip-cache', 'compose.yaml:7:11 sudo']);
    const { stdout } = dlint(['lint', '-f', 'json', '--select', 'pip-cache'], { cwd });
    const [finding] = JSON.parse(stdout).files[0].findings;
    expect(finding.fix.edits).toEqual([
      {
        range: { start: { line: 6, column: 25 }, end: { line: 6, column: 25 } },
        text: expect.stringContaining('no-cache-dir'),
      },
    ]);
  });

  test('a directory: its Dockerfiles once, and those that the name does not show', () => {
    const { found } = lint(
      {
        'compose.yaml': 'services:\n  a: { build: . }\n  b: { build: { context: ., dockerfile: built.by } }\n',
        Dockerfile: sudo,
        'built.by': sudo,
      },
      [],
    );
    expect(found).toEqual(['Dockerfile:2:5 sudo', 'built.by:2:5 sudo']);
  });
});

describe('--fix in Dockerfiles inside', () => {
  const before =
    '# kept\nservices:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM a:1\n        RUN pip install x==1\n\n        RUN pip install $$X\n  b:\n    build:\n      dockerfile_inline: |-\n          FROM b:1\n          RUN pip install y==1\n  c:\n    build: { dockerfile_inline: "FROM c:1\\nRUN pip install z==1" }\n';
  const after = before
    .replace('install x', 'install --no-cache-dir x')
    .replace('install $$X', 'install --no-cache-dir $$$$X')
    .replace('install y', 'install --no-cache-dir y');
  const run = (cwd: string, ...args: string[]) =>
    dlint(['lint', 'compose.yaml', '--select', 'pip-cache', ...args], { cwd });

  test('blocks are written back, the rest of the file is kept', () => {
    const cwd = enter({ 'compose.yaml': before });
    const diff = run(cwd, '--diff').stdout;
    expect(diff.match(/^\+ .*/gm)).toHaveLength(3);
    expect(readFileSync(join(cwd, 'compose.yaml'), 'utf8')).toBe(before);
    const { stdout } = run(cwd, '--fix', '-f', 'json');
    expect(readFileSync(join(cwd, 'compose.yaml'), 'utf8')).toBe(after);
    const { summary, files } = JSON.parse(stdout);
    expect(summary).toMatchObject({ fixed: 3, findings: 1, fixable: 0 });
    expect(files[0].findings[0].range.start.line).toBe(16);
  });

  test('what is known is left', () => {
    const cwd = enter({ 'compose.yaml': before });
    dlint(['lint', 'compose.yaml', '--baseline', 'known.json', '--update-baseline'], { cwd });
    const more = before.replace('RUN pip install y', 'RUN pip install w==1\n          RUN pip install y');
    writeFileSync(join(cwd, 'compose.yaml'), more);
    run(cwd, '--fix', '--baseline', 'known.json');
    expect(readFileSync(join(cwd, 'compose.yaml'), 'utf8')).toBe(more.replace('install w', 'install --no-cache-dir w'));
  });
});

describe('what is wrong', () => {
  test.each([
    ['a: b: c\n', 'compose.yaml:1:'],
    ['services: [a]\n', 'compose.yaml:1:11'],
    ['services:\n  a:\n    build: { context: [x] }\n', 'compose.yaml:3:23'],
    ['services:\n  a:\n    build: nowhere\n', 'compose.yaml:3:12'],
    ['services:\n  a:\n    build: { dockerfile: none }\n', 'compose.yaml:3:26'],
    ['services:\n  a:\n    build: ${NOT_SET_HERE}/x\n', 'compose.yaml:3:12'],
    ['services:\n  a:\n    extends: b\n', 'compose.yaml:3:5'],
    ['services:\n  a:\n    extends: b\n  b:\n    extends: a\n', 'compose.yaml:'],
    ['include: [none.yaml]\n', 'compose.yaml:1:11'],
    ['include: [compose.yaml]\n', 'compose.yaml:1:11'],
  ])('%j: one error with its place; other files go on', (text, place) => {
    const { stderr, status, found } = lint({ 'compose.yaml': text, 'x/Dockerfile': sudo }, ['compose.yaml', 'x']);
    expect(stderr).toContain(`where  ${place}`);
    expect([status, found]).toEqual([2, ['x/Dockerfile:2:5 sudo']]);
  });

  test('a directory is linted in spite of a compose file that cannot be read', () => {
    const broken = lint({ 'compose.yaml': 'services: {{ build }}\n', Dockerfile: sudo }, []);
    expect(broken).toMatchObject({ status: 1, found: ['Dockerfile:2:5 sudo'] });
    expect(broken.stderr).toMatch(/^note {3}compose.yaml:1:\d+: /);
  });

  test('nothing to build', () => {
    const { status, stderr } = lint({ 'compose.yaml': 'services:\n  a: { image: x }\n' }, ['compose.yaml']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('compose.yaml builds nothing')]);
  });

  test('what blows up is refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const { status, stderr } = lint({ 'compose.yaml': `${lines.join('\n')}\nservices: {}\n` }, ['compose.yaml']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('values, aliases counted')]);
  });
});

describe('bake', () => {
  const bake = JSON.stringify({
    variable: { TAG: { default: 'latest' } },
    group: { default: { targets: ['a'] } },
    target: {
      _base: { args: { TAG: '${TAG}' }, dockerfile: 'D' },
      a: { inherits: ['_base'], context: 'x', target: 'none' },
    },
  });
  const files = { 'docker-bake.json': bake, 'x/D': 'ARG TAG\nFROM a:$TAG\nRUN sudo x\n' };
  const expected = ['docker-bake.json:1:', 'x/D:2:6 base-image-latest', 'x/D:3:5 sudo'];

  test('targets, inherited ones and variables', () => {
    const { found } = lint(files, ['docker-bake.json']);
    expect(found.map((line) => line.replace(/:\d+ unknown-target/, ':'))).toEqual([...expected.slice(1), expected[0]]);
    expect(lint(files, ['docker-bake.json'], { env: { TAG: '1' } }).found).not.toContain(expected[1]);
  });

  test('from standard input, as --print gives it', () => {
    const { found } = lint(files, ['-', '--stdin-name', 'docker-bake.json'], { input: bake });
    expect(found).toContain('x/D:3:5 sudo');
  });

  test('a circle', () => {
    const circle = '{"target":{"a":{"inherits":["b"]},"b":{"inherits":["a"]}}}';
    const { status, stderr } = lint({ 'docker-bake.json': circle }, ['docker-bake.json']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('inherits leads in a circle')]);
  });
});

describe('bake in HCL', () => {
  const files = {
    'docker-bake.hcl': `variable "TAG" { default = "latest" }
variable "STAMP" { default = timestamp() }
function "file" {
  params = [name]
  result = "\${name}.dockerfile"
}
group "default" { targets = ["a", "m"] }
target "docker-metadata-action" {}
target "_base" {
  args = { TAG = TAG, STAMP = "\${STAMP}", GONE = null }
  platforms = ["linux/arm64/v8"]
}
target "a" {
  inherits   = ["_base", "docker-metadata-action"]
  context    = "x"
  dockerfile = file("D")
  contexts   = { assets = "./y" }
  target     = "none"
}
target "m" {
  name       = "m-\${replace(v, ".", "-")}"
  matrix     = { v = ["1.0", "2.0"] }
  inherits   = ["_base"]
  dockerfile = "m/\${v}.dockerfile"
}
`,
    'x/D.dockerfile': 'ARG TAG\nARG STAMP\nFROM a:$TAG\nRUN sudo x\nCOPY --from=assets /a /b\n',
    'm/1.0.dockerfile': 'ARG TAG\nARG STAMP\nARG TARGETARCH\nFROM b-$TARGETARCH:$TAG\n',
    'm/2.0.dockerfile': 'ARG TAG\nFROM b:1\nRUN sudo x\n',
  };

  test('variables, functions, matrices, inherited targets, what is not known', () => {
    const { found, stderr } = lint(files, ['docker-bake.hcl'], { select: `${rules},unknown-copy-source` });
    expect(stderr).toBe('');
    expect(found).toEqual([
      'x/D.dockerfile:3:6 base-image-latest',
      'x/D.dockerfile:4:5 sudo',
      'm/1.0.dockerfile:4:6 base-image-latest',
      'm/2.0.dockerfile:3:5 sudo',
      'docker-bake.hcl:18:16 unknown-target',
    ]);
    const set = lint(files, ['docker-bake.hcl'], { env: { TAG: '1' } });
    expect(set.found.filter((line) => line.endsWith('latest'))).toEqual([]);
  });

  test('an argument that several targets inherit need not be meant for each', () => {
    const bake = (heirs: string) =>
      `target "_base" {\n  args = { A = 1 }\n}\ntarget "a" {\n  inherits = ["_base"]\n  args = { B = 1 }\n}\n${heirs}`;
    const run = (heirs: string) =>
      lint({ 'docker-bake.hcl': bake(heirs), Dockerfile: 'FROM a:1\n', d: 'ARG A\nFROM a:1\n' }, ['docker-bake.hcl'])
        .found;
    expect(run('')).toEqual(['docker-bake.hcl:2:12 unused-build-arg', 'docker-bake.hcl:6:12 unused-build-arg']);
    const shared = run('target "b" {\n  inherits = ["_base"]\n  dockerfile = "d"\n}\n');
    expect(shared).toEqual(['docker-bake.hcl:6:12 unused-build-arg']);
  });

  test('found in a directory, with its override file', () => {
    const override = 'target "a" {\n  dockerfile = "other"\n  args = { NOPE = 1 }\n}\n';
    const { found } = lint({ ...files, 'docker-bake.override.hcl': override, 'x/other': sudo }, ['.']);
    expect(found).toContain('x/other:2:5 sudo');
    expect(found).toContain('docker-bake.override.hcl:3:12 unused-build-arg');
  });

  test('the platform that is built for', () => {
    const bake = (platforms: string) => `target "a" { platforms = [${platforms}] }\n`;
    const Dockerfile = 'FROM a:1 AS build-arm\nFROM build-$TARGETARCH\n';
    const run = (platforms: string) =>
      lint({ 'docker-bake.hcl': bake(platforms), Dockerfile }, ['docker-bake.hcl'], { select: 'base-image-tag' });
    expect(run('"linux/amd64"').found).toEqual(['Dockerfile:2:6 base-image-tag']);
    expect(run('"linux/armhf"').found).toEqual([]);
    expect(run('"linux/amd64", "linux/arm"').found).toEqual([]);
  });

  test.each([
    ['target "a" {\n  context = [1]\n}\n', 'docker-bake.hcl:2:13', 'context is a list'],
    ['target "a" {\n  context = nope\n}\n', 'docker-bake.hcl:2:13', 'there is no variable nope'],
    ['target "a" {\n  dockerfile = "${uuidv4()}"\n}\n', 'docker-bake.hcl:2:16', 'uuidv4() is not computed here'],
    ['variable "V" {}\ntarget "a" {\n  matrix = { x = V }\n}\n', 'docker-bake.hcl:3:12', 'V is not set'],
    ['target "a" {\n  context = ".\n}\n', 'docker-bake.hcl:2:15', 'a text is not closed in its line'],
    ['target "a" {\n  dockerfile = "none"\n}\n', 'docker-bake.hcl:2:16', 'there is no none'],
    ['target "a" { inherits = ["b"] }\ntarget "b" { inherits = ["a"] }\n', 'docker-bake.hcl:', 'in a circle'],
  ])('%j: an error with its place', (text, place, message) => {
    const { status, stderr } = lint({ 'docker-bake.hcl': text }, ['docker-bake.hcl']);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain(place);
  });
});

test('--baseline knows findings of compose files', () => {
  const cwd = enter({
    'compose.yaml': 'services:\n  a: { build: { context: ., target: none } }\n',
    Dockerfile: 'FROM a:1\n',
  });
  const run = (...args: string[]) => dlint(['lint', 'compose.yaml', '--baseline', 'known.json', ...args], { cwd });
  expect(run('--update-baseline').status).toBe(0);
  expect(Object.keys(JSON.parse(readFileSync(join(cwd, 'known.json'), 'utf8')).files)).toContain('compose.yaml');
  expect(run().status).toBe(0);
  writeFileSync(join(cwd, 'compose.yaml'), 'services:\n  a: { build: { context: ., target: other } }\n');
  expect(run('-f', 'compact').stdout).toContain('unknown-target');
});
