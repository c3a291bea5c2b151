import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/lint/fix.ts';
import { parse } from '../../src/lint/parse.ts';
import {
  addWord,
  appendCleanup,
  aptGet,
  fillInAll,
  isAnswered,
  isForDevelopment,
  isOpaque,
  isSetBy,
  mayHoldOptions,
  packageInstall,
  toolCache,
} from '../../src/lint/rule.ts';
import { analyze } from '../../src/lint/semantic.ts';

function modelOf(text: string) {
  return analyze(parse({ path: '', text }));
}

function commandsOf(run: string, before = '') {
  return modelOf(`FROM a:1\n${before}RUN ${run}\n`).commands;
}

describe('packageInstall', () => {
  it.each([
    ['apt-get install -y a b=1', ['a', 'b']],
    ['apk add --no-cache a', ['a']],
    ['microdnf install a', ['a']],
    ['uv pip install a==1', ['a']],
    ['yarn global add a@1', ['a']],
    ['gem install a:1', ['a']],
    ['conda create -n e a=1', ['a']],
  ])('reads %s', (run, names) => {
    const command = commandsOf(run)[0]?.command;
    expect(command && packageInstall(command)?.packages.map(({ name }) => name)).toEqual(names);
  });

  it.each(['apt-get remove a', 'npm run a', 'echo apt-get install a'])('passes over %s', (run) => {
    const command = commandsOf(run)[0]?.command;
    expect(command && packageInstall(command)).toBeUndefined();
  });
});

describe('appendCleanup', () => {
  function cleaned(run: string): string | undefined {
    const text = `FROM a:1\nRUN ${run}\n`;
    const step = modelOf(text).stages[0]?.steps[0];
    const uses = step?.commands.filter(({ name }) => name === 'npm') ?? [];
    const edit = step && appendCleanup(step, uses, 'npm cache clean');
    return edit && applyEdits(text, [edit]).slice('FROM a:1\nRUN '.length, -1);
  }

  it.each([
    ['npm ci', 'npm ci && npm cache clean'],
    ['npm ci > log; make', 'npm ci > log && npm cache clean; make'],
    ['sudo -u node npm ci # comment', 'sudo -u node npm ci && sudo -u node npm cache clean # comment'],
    ['time gosu node npm ci', 'time gosu node npm ci && gosu node npm cache clean'],
  ])('cleans up behind %s', (run, expected) => {
    expect(cleaned(run)).toBe(expected);
  });

  it.each(['npm ci || true', '(npm ci)', 'npm ci | cat', '! npm ci', 'npm ci & make', '["npm", "ci"]', 'make'])(
    'has no place behind %s',
    (run) => {
      expect(cleaned(run)).toBeUndefined();
    },
  );
});

describe('addWord', () => {
  it.each([
    ['apt-get -q install curl', 'apt-get -q install -y curl'],
    ['["apt-get", "install", "curl"]', '["apt-get", "install", "-y", "curl"]'],
  ])('adds to %s', (run, expected) => {
    const text = `FROM a:1\nRUN ${run}\n`;
    const command = modelOf(text).commands[0]?.command;
    const found = command && aptGet(command);
    expect(found && applyEdits(text, [addWord(found, '-y')])).toBe(`FROM a:1\nRUN ${expected}\n`);
  });
});

describe('isSetBy', () => {
  const setting = { file: /\/etc\/apt\/apt\.conf/, text: /Assume-Yes/ };

  it.each([
    ["RUN echo 'Assume-Yes' > /etc/apt/apt.conf.d/a\n", true],
    ['RUN cat > /etc/apt/apt.conf <<EOF\nAssume-Yes\nEOF\n', true],
    ['COPY apt.conf /etc/apt/\n', true],
    ['COPY <<EOF /etc/apt/apt.conf\nAssume-Yes\nEOF\n', true],
    ['COPY <<EOF /etc/apt/apt.conf\nother\nEOF\n', false],
    ["RUN echo 'Assume-Yes' > /tmp/a\n", false],
    ["RUN echo 'other' > /etc/apt/apt.conf\n", false],
    ['COPY a /etc/\n', false],
  ])('%j: %s', (before, expected) => {
    const model = modelOf(`FROM a:1\n${before}RUN true\n`);
    const last = model.steps.at(-1);
    expect(last && isSetBy(model, setting)(last)).toBe(expected);
  });

  it('holds in stages built on it, not before and not in others', () => {
    const model = modelOf('FROM a:1 AS a\nRUN true\nCOPY apt.conf /etc/apt/\nFROM a\nRUN true\nFROM b:1\nRUN true\n');
    expect(model.steps.map(isSetBy(model, setting))).toEqual([false, true, true, false]);
  });
});

describe('isAnswered', () => {
  it.each([
    ['yes | apt-get install a', true],
    ['echo y | sudo apt-get install a', true],
    ['apt-get install a <<< y', true],
    ['apt-get install a < /dev/null', true],
    ['echo a | xargs apt-get install', false],
    ['cat a | apt-get install a', false],
    ['yes; apt-get install a', false],
  ])('%s: %s', (run, expected) => {
    const last = commandsOf(run).at(-1);
    expect(last && isAnswered(last.command, last.step)).toBe(expected);
  });
});

describe('variables', () => {
  it('fills in what is known, options included', () => {
    const [found] = commandsOf('apt-get $A $B install ${C}', 'ENV A="-y -q" C=curl\n');
    const words = found && fillInAll(found.command, found.step).words.map(({ text }) => text);
    expect(words).toEqual(['apt-get', '-y', '-q', '$B', 'install', 'curl']);
  });

  it('tells by their names which may hold options', () => {
    const may = (run: string) => commandsOf(run).map(({ command }) => mayHoldOptions(command))[0];
    expect(may('apt-get install $APT_OPTS a')).toBe(true);
    expect(may('apt-get install $PACKAGES')).toBe(false);
  });
});

describe('isOpaque', () => {
  it.each(['./setup.sh', 'bash x.sh', '. ./env', '$CMD a', 'make deps', '/opt/install-all', 'curl a | bash -'])(
    'is %s',
    (run) => {
      expect(commandsOf(run).some(({ command }) => isOpaque(command))).toBe(true);
    },
  );

  it.each(['apt-get update', '/usr/bin/apt-get update', 'install -d /a', 'python -m pip install a', 'echo $A'])(
    'is not %s',
    (run) => {
      expect(commandsOf(run).some(({ command }) => isOpaque(command))).toBe(false);
    },
  );
});

describe('toolCache', () => {
  it.each([
    ['go build ./...', '', ['/go/pkg/mod', '/root/.cache/go-build']],
    ['cargo build', 'ENV CARGO_HOME=/c\n', ['/c/registry']],
    ['./gradlew build', '', ['/root/.gradle']],
    ['pip install --no-cache-dir a', '', undefined],
    ['uv sync', 'ENV UV_NO_CACHE=1\n', undefined],
    ['yarn --version', '', undefined],
  ])('%s', (run, before, expected) => {
    const [found] = commandsOf(run, before);
    expect(found && toolCache(found.command, found.step)?.folders).toEqual(expected);
  });
});

describe('isForDevelopment', () => {
  it.each([
    ['FROM a:1 AS dev\n', true],
    ['FROM a:1 AS device\n', false],
    ['FROM a:1\nENV APP_ENV=test\n', true],
    ['FROM a:1\nCMD ["npm", "run", "start:dev"]\n', true],
    ['FROM a:1\nCMD nodemon app.js\n', true],
    ['FROM a:1\nCMD ["npm", "start"]\n', false],
  ])('%j: %s', (text, expected) => {
    const [stage] = modelOf(text).stages;
    expect(stage && isForDevelopment(stage)).toBe(expected);
  });
});
