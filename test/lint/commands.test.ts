import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import * as rule from '../../src/lint/rule.ts';
import {
  apkPackages,
  aptPackages,
  aptSetting,
  composerPackages,
  condaPackages,
  gemPackages,
  goPackages,
  isMounted,
  npmPackages,
  pipPackages,
  removes,
  rpmPackages,
  zypperPackages,
} from '../../src/lint/rule.ts';
import { analyze } from '../../src/lint/semantic.ts';

function commandOf(run: string) {
  const command = analyze(parse({ path: '', text: `FROM a:1\nRUN ${run}\n` })).commands[0]?.command;
  if (!command) throw new Error('no command');
  return command;
}

const tools = [
  rule.aptGet,
  rule.apk,
  rule.yum,
  rule.dnf,
  rule.zypper,
  rule.pip,
  rule.uv,
  rule.npm,
  rule.yarn,
  rule.pnpm,
  rule.bun,
  rule.gem,
  rule.bundle,
  rule.go,
  rule.cargo,
  rule.composer,
  rule.conda,
  rule.poetry,
];

function read(run: string) {
  const text = `FROM a:1\nRUN ${run}\n`;
  const command = commandOf(run);
  const [found, ...others] = tools.flatMap((tool) => tool(command) ?? []);
  expect(others).toEqual([]);
  if (!found) return undefined;
  const options = found.options.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
  const head = text.slice(found.head.start, found.head.end);
  return [
    `${found.tool} ${found.subcommand}`,
    head,
    options.join(' '),
    found.operands.map(({ text: word }) => word).join(' '),
  ];
}

describe('package managers', () => {
  it.each([
    [
      'apt-get -qy -t sid install -o A::B=c --yes curl=1 -- -x',
      ['apt-get install', 'apt-get -qy -t sid install', '-q -y -t=sid -o=A::B=c --yes', 'curl=1 -x'],
    ],
    ['sudo /usr/bin/apt update', ['apt update', '/usr/bin/apt update', '', '']],
    ['apk add --no-cache -t .deps -X https://r a b', ['apk add', 'apk add', '--no-cache -t=.deps -X=https://r', 'a b']],
    ['yum -y update', ['yum upgrade', 'yum -y update', '-y', '']],
    ['microdnf in a --setopt=x=y', ['microdnf install', 'microdnf in', '--setopt=x=y', 'a']],
    ['zypper -n in a', ['zypper install', 'zypper -n in', '-n', 'a']],
    [
      'python3.12 -u -m pip --no-cache-dir install -rr.txt -U a',
      ['pip install', 'python3.12 -u -m pip --no-cache-dir install', '--no-cache-dir -r=r.txt -U', 'a'],
    ],
    ['python3 setup.py pip install', undefined],
    ['pip3.11 install a', ['pip install', 'pip3.11 install', '', 'a']],
    ['pipx install a', undefined],
    ['uv pip install --system a', ['uv pip install', 'uv pip install', '--system', 'a']],
    ['npm i -g a', ['npm install', 'npm i', '-g', 'a']],
    ['npm clean-install', ['npm ci', 'npm clean-install', '', '']],
    ['yarn', ['yarn install', 'yarn', '', '']],
    ['yarn global add a', ['yarn global add', 'yarn global add', '', 'a']],
    ['pnpm i --frozen-lockfile', ['pnpm install', 'pnpm i', '--frozen-lockfile', '']],
    ['bun a x', ['bun add', 'bun a', '', 'x']],
    ['gem i --no-document a', ['gem install', 'gem i', '--no-document', 'a']],
    ['bundle', ['bundle install', 'bundle', '', '']],
    ['go build -ldflags "-s -w" -o /x ./cmd', ['go build', 'go build', '-ldflags=-s -w -o=/x', './cmd']],
    ['go mod download', ['go mod download', 'go mod download', '', '']],
    ['cargo +nightly b --release', ['cargo build', 'cargo +nightly b', '--release', '']],
    ['php composer.phar req a/b:1', ['composer require', 'php composer.phar req', '', 'a/b:1']],
    ['mamba env create -f e.yml', ['mamba env create', 'mamba env create', '-f=e.yml', '']],
    ['poetry install --only main', ['poetry install', 'poetry install', '--only=main', '']],
    ['toString', undefined],
    ['npm constructor', ['npm constructor', 'npm constructor', '', '']],
  ])('%s', (run, expected) => {
    expect(read(run)).toEqual(expected);
  });

  it('settings of apt', () => {
    const install = rule.aptGet(commandOf('apt-get install -o APT::Install-Recommends="False" -o Debug=1 a'));
    expect(install && aptSetting(install, 'apt::install-recommends')).toBe('false');
    expect(install && aptSetting(install, 'none')).toBeUndefined();
  });
});

describe('packages', () => {
  const packages = (run: string, tool: (typeof tools)[number], list: typeof aptPackages) => {
    const found = tool(commandOf(run));
    return (
      found &&
      list(found).map(({ name, operator = '', version = '', kind }) => `${name}|${operator}|${version}|${kind}`)
    );
  };

  it.each([
    [
      'apt-get install a a=1 a/sid ./a.deb $X a-$X',
      rule.aptGet,
      aptPackages,
      ['a|||registry', 'a|=|1|registry', 'a|/|sid|registry', './a.deb|||file', '$X|||variable', 'a-$X|||registry'],
    ],
    [
      'apk add a=1 a~1 a\\>1 a.apk',
      rule.apk,
      apkPackages,
      ['a|=|1|registry', 'a|~|1|registry', 'a|>|1|registry', 'a.apk|||file'],
    ],
    [
      'yum install a-b a-b-1.2-3.el9 https://h/a.rpm',
      rule.yum,
      rpmPackages,
      ['a-b|||registry', 'a-b|-|1.2-3.el9|registry', 'https://h/a.rpm|||url'],
    ],
    ['zypper in a=1 a', rule.zypper, zypperPackages, ['a|=|1|registry', 'a|||registry']],
    [
      'pip install a "a==1" "a[x]>=1,<2" "a @ https://h/a" . git+https://h/a.git@v1 a.whl ./d',
      rule.pip,
      pipPackages,
      [
        'a|||registry',
        'a|==|1|registry',
        'a[x]|>=|1,<2|registry',
        'a|@|https://h/a|url',
        '.|||directory',
        'git+https://h/a.git@v1|||git',
        'a.whl|||file',
        './d|||directory',
      ],
    ],
    [
      'npm i a a@1 @s/a @s/a@1 u/r ./d a.tgz',
      rule.npm,
      npmPackages,
      [
        'a|||registry',
        'a|@|1|registry',
        '@s/a|||registry',
        '@s/a|@|1|registry',
        'u/r|||git',
        './d|||directory',
        'a.tgz|||file',
      ],
    ],
    ['gem i a:1 a', rule.gem, gemPackages, ['a|:|1|registry', 'a|||registry']],
    ['go install h/a@v1 h/a ./x', rule.go, goPackages, ['h/a|@|v1|registry', 'h/a|||registry', './x|||directory']],
    ['composer require a/b:^1 a/b', rule.composer, composerPackages, ['a/b|:|^1|registry', 'a/b|||registry']],
    ['conda install a=1 c::a', rule.conda, condaPackages, ['a|=|1|registry', 'c::a|||registry']],
  ])('%s', (run, tool, list, expected) => {
    expect(packages(run, tool, list)).toEqual(expected);
  });
});

describe('downloads', () => {
  it.each([
    ['curl -fsSL https://e.org/a', 'curl', ['https://e.org/a'], '-'],
    ['curl -o /x -H "A: b" --url https://e.org/a', 'curl', ['https://e.org/a'], '/x'],
    ['curl -LO https://e.org/a', 'curl', ['https://e.org/a'], undefined],
    ['wget -q -O- https://e.org/a', 'wget', ['https://e.org/a'], '-'],
    ['wget -P /d https://e.org/a https://e.org/b', 'wget', ['https://e.org/a', 'https://e.org/b'], undefined],
  ])('%s', (run, tool, urls, output) => {
    const found = rule.download(commandOf(run));
    expect([found?.tool, found?.urls.map(({ text }) => text), found?.output]).toEqual([tool, urls, output]);
  });
});

describe('what is left in a layer', () => {
  it.each([
    ['rm -rf /var/lib/apt/lists/*', '/var/lib/apt/lists', true],
    ['rm -fr /var/lib/apt/lists', '/var/lib/apt/lists', true],
    ['rm -r /var/lib/apt/', '/var/lib/apt/lists', true],
    ['rm -rf /var/{cache,lib/{apt,dpkg}}/*', '/var/lib/apt/lists', true],
    ['rm -rf ~/.cache', '~/.cache/pip', true],
    ['rm -rf $HOME/.cache/pip', '~/.cache/pip', true],
    ['rm -rf /root/.cache/*', '~/.cache/pip', true],
    ['find /var/lib/apt/lists -type f -delete', '/var/lib/apt/lists', true],
    ['rm -rf /var/lib/apt/lists*', '/var/lib/apt/lists', true],
    ['rm -rf /var/lib/apt/li*', '/var/lib/apt/lists', true],
    ['rm -rf /var/lib/apt/lists/.*', '/var/lib/apt/lists', true],
    ['rm -rf /var/lib/apt/x*', '/var/lib/apt/lists', false],
    [`rm -rf /${'*'.repeat(50_000)}x`, '/var/lib/apt/lists', false],
    ['rm -rf /tmp/x', '/var/lib/apt/lists', false],
    ['rm -rf /', '/var/lib/apt/lists', false],
    ['rm -rf /var/lib/apt/listsx', '/var/lib/apt/lists', false],
    ['rm /var/lib/apt/lists', '/var/lib/apt/lists', false],
    ['ls /var/lib/apt/lists', '/var/lib/apt/lists', false],
  ])('%s removes %s: %s', (run, path, expected) => {
    expect(removes(commandOf(run), path)).toBe(expected);
  });

  it.each([
    ['type=cache,target=/root/.cache/pip', '~/.cache/pip', true],
    ['type=cache,target=/home/app/.cache', '~/.cache/pip', true],
    ['type=tmpfs,dst=/var/cache/', '/var/cache/apt', true],
    ['type=bind,target=/var/cache', '/var/cache/apt', false],
    ['type=cache,target=/var/cache/apk', '/var/cache/apt', false],
  ])('--mount=%s lies over %s: %s', (mount, path, expected) => {
    const step = analyze(parse({ path: '', text: `FROM a:1\nRUN --mount=${mount} a\n` })).steps[0];
    expect(step && isMounted(step, path)).toBe(expected);
  });
});
