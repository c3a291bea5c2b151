import { describe, expect, it } from 'vitest';
import { parse } from '../../src/lint/parse.ts';
import {
  apk,
  apkPackages,
  aptGet,
  aptPackages,
  composer,
  composerPackages,
  conda,
  condaPackages,
  dnf,
  fillIn,
  gem,
  gemPackages,
  npm,
  npmPackages,
  packageRun,
  pdm,
  pipenv,
  pipx,
  rpmPackages,
  sinceStep,
  unpinned,
} from '../../src/lint/rule.ts';
import { analyze } from '../../src/lint/semantic.ts';
import { cpuTime } from '../support/cpu-time.ts';

function model(text: string) {
  return analyze(parse({ path: '', text }));
}

/** The operands of the last command that is an apt-get, with the variables filled in. */
function operands(text: string): readonly string[] | undefined {
  const { commands } = model(text);
  const last = commands.findLast(({ command }) => aptGet(command));
  const install = last && aptGet(last.command);
  return install && fillIn(install, last.step).operands.map((word) => word.text);
}

describe('variables of an install', () => {
  it.each([
    ['ARG A=x', 'apt-get install $A', ['x']],
    ['ENV A="x y=1 -q"', 'apt-get install ${A} z', ['x', 'y=1', 'z']],
    ['ENV A=', 'apt-get install $A z', ['z']],
    ['ARG A', 'apt-get install $A', ['$A']],
    ['ARG A=x', 'apt-get install a$A-b$C', ['a$A-b$C']],
    ['ARG A=x', "apt-get install '$A'", ['$A']],
    ['ARG A=x', 'apt-get install $(echo $A)', ['$(echo $A)']],
    ['ARG A=x', 'A="y z"; apt-get install $A', ['y', 'z']],
    ['ARG A=x', 'export A=y B=2 && apt-get install $A', ['y']],
    ['ARG A=x', 'B="$A y"; C=$B; apt-get install $C', ['x', 'y']],
    ['ARG A=x', 'if true; then A=y; fi; apt-get install $A', ['$A']],
    ['ARG A=x', 'A=$(cat y); apt-get install $A', ['$A']],
    ['ARG A=x', 'A=$A; apt-get install $A', ['$A']],
    ['ARG A=x', 'apt-get install $A; A=y', ['x']],
  ])('%s, %s', (definition, run, expected) => {
    expect(operands(`FROM a:1\n${definition}\nRUN ${run}\n`)).toEqual(expected);
  });

  it('follows no endless chain', () => {
    expect(operands(`FROM a:1\nRUN A=$B; B=$A; apt-get install $A\n`)).toEqual(['$A']);
    const doubling = Array.from({ length: 40 }, (_, i) => `A${i + 1}="$A${i} $A${i}"`).join('; ');
    expect(operands(`FROM a:1\nRUN A0=xxxxxxxx; ${doubling}; apt-get install $A40\n`)).toEqual(['$A40']);
  });
});

describe('what an install leaves open', () => {
  function names(run: string) {
    const [first] = model(`FROM a:1\nRUN ${run}\n`).commands;
    const install = first && aptGet(first.command);
    return install && unpinned(install, first.step, aptPackages)?.names;
  }

  it.each([
    ['apt-get install a=1', undefined],
    ['apt-get install a', 'a'],
    ['apt-get install a b=1 c', 'a and c'],
    ['apt-get install a b c', 'a, b and c'],
    ['apt-get install a b c d e', 'a, b and 3 more'],
    ['apt-get install a a', 'a'],
    ['apt-get install a$B-c', 'a$B-c'],
    ['apt-get install a$B a=$B a${B} a$(b)c', undefined],
  ])('%s', (run, expected) => {
    expect(names(run)).toBe(expected);
  });

  it('cuts long names', () => {
    expect(names(`apt-get install ${'a'.repeat(500)}`)).toHaveLength(61);
  });

  it('stays quick where everything is a variable', () => {
    const { commands } = model(`FROM a:1\nRUN ${'A=$A; apk add $A; '.repeat(3000)}\n`);
    const start = cpuTime();
    for (const { command, step } of commands) {
      const install = apk(command);
      if (install) unpinned(install, step, apkPackages);
    }
    expect(cpuTime() - start).toBeLessThan(5000);
  });
});

describe('packages', () => {
  function read(run: string) {
    const command = model(`FROM a:1\nRUN ${run}\n`).commands[0]?.command;
    if (!command) throw new Error('no command');
    const readers = [
      [dnf, rpmPackages],
      [gem, gemPackages],
      [npm, npmPackages],
      [composer, composerPackages],
      [conda, condaPackages],
    ] as const;
    return readers.flatMap(([tool, packages]) => {
      const found = tool(command);
      return found ? packages(found).map(({ name, version }) => (version ? `${name} ${version}` : name)) : [];
    });
  }

  it.each([
    [
      'dnf install gcc-toolset-12-gcc a-1.2-3.el9 b-1:2 c:rhel8 d-$V.x86_64',
      'gcc-toolset-12-gcc|a 1.2-3.el9|b 1:2|c rhel8|d $V.x86_64',
    ],
    ['dnf install java-1.8.0-openjdk java-1.8.0-openjdk-1.8.0.292', 'java-1.8.0-openjdk|java-1.8.0-openjdk 1.8.0.292'],
    ['gem install a:1 -- --with-b /usr', 'a 1'],
    ['npm install --unsafe-perm true a false', 'a'],
    ['composer require a/b ^1 c/d "e/f ~2" g/h', 'a/b ^1|c/d|e/f ~2|g/h'],
    ['conda install "a 1.2" "b ~=3" c', 'a 1.2|b 3|c'],
  ])('%s', (run, expected) => {
    expect(read(run).join('|')).toBe(expected);
  });
});

describe('commands that fetch a package and run it', () => {
  function read(run: string) {
    const command = model(`FROM a:1\nRUN ${run}\n`).commands[0]?.command;
    const found = command && packageRun(command);
    return found && `${found.runner}: ${found.packages.map(({ text }) => text).join(' ')}`;
  }

  it.each([
    ['npx a -p b c', 'npx: a'],
    ['npx -p a --package=b -c "c d"', 'npx: a b'],
    ['npx --yes --registry https://a.example a', 'npx: a'],
    ['npm exec -- a', 'npm exec: a'],
    ['npm exec -p a -- b', 'npm exec: a'],
    ['pnpm dlx a', 'pnpm dlx: a'],
    ['uvx --from a b', 'uvx: a'],
    ['uv tool run --with a b', 'uv tool run: b'],
    ['pipx run --spec a b', 'pipx run: a'],
    ['npx', 'npx: '],
    ['npm run a', undefined],
  ])('%s', (run, expected) => {
    expect(read(run)).toBe(expected);
  });
});

it.each([
  ['pipx install -i https://a.example a', pipx, 'pipx install a'],
  ['pipenv install -r a b', pipenv, 'pipenv install b'],
  ['pdm add -G a b', pdm, 'pdm add b'],
  ['pip install a', pipx, undefined],
])('%s', (run, tool, expected) => {
  const command = model(`FROM a:1\nRUN ${run}\n`).commands[0]?.command;
  const found = command && tool(command);
  expect(found && [found.tool, found.subcommand, ...found.operands.map(({ text }) => text)].join(' ')).toBe(expected);
});

describe('what holds since a step', () => {
  const { stages, steps } = model(
    'FROM a:1 AS a\nENV A=1\nCOPY a a\nENV B=1\nFROM a AS b\nENV C=1\nFROM a:1\nENV D=1\nFROM b\nENV E=1\n',
  );

  it('is known of the step itself, of later ones, and of stages that start from it', () => {
    const since = sinceStep(stages, ({ copy }) => copy !== undefined);
    expect(steps.map(since)).toEqual([false, true, true, true, false, true]);
  });

  it('asks once', () => {
    let asked = 0;
    const since = sinceStep(stages, () => ++asked < 0);
    expect(asked).toBe(0);
    for (const step of [...steps, ...steps]) since(step);
    expect(asked).toBe(steps.length);
  });
});
