import { describe, expect, it, test } from 'vitest';
import chmod777 from '../../rules/chmod-777.ts';
import chownAfterCopy from '../../rules/chown-after-copy.ts';
import curlPipeShell from '../../rules/curl-pipe-shell.ts';
import downloadUnchecked from '../../rules/download-unchecked.ts';
import httpDownload from '../../rules/http-download.ts';
import passwordInCommand from '../../rules/password-in-command.ts';
import secretValue from '../../rules/secret-value.ts';
import tlsOff from '../../rules/tls-off.ts';
import unauthenticatedPackages from '../../rules/unauthenticated-packages.ts';
import { isNear, webAddress } from '../../src/lint/commands/addresses.ts';
import { fileMode } from '../../src/lint/commands/file-mode.ts';
import { removeWords } from '../../src/lint/commands/remove-word.ts';
import { verifiedSteps, verifies } from '../../src/lint/commands/verification.ts';
import { applyEdits } from '../../src/lint/fix.ts';
import { lint } from '../../src/lint/lint.ts';
import { parse } from '../../src/lint/parse.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { ruleSet } from '../../src/lint/rule-set.ts';
import { assignedVariables } from '../../src/lint/semantic/assignments.ts';
import { dropsRoot, isRootUser, startsAsRoot, userOf } from '../../src/lint/semantic/user.ts';
import { analyze, type SemanticModel } from '../../src/lint/semantic.ts';
import { cpuTime } from '../support/cpu-time.ts';

function model(text: string): SemanticModel {
  return analyze(parse({ path: 'Dockerfile', text }));
}

describe('fileMode', () => {
  it.each([
    ['777', true, false], ['0777', true, false], ['1777', false, false], ['2777', true, true], ['755', false, false], ['=2775', false, true], ['666', true, false],
    ['a+rwx', true, false], ['o+w', true, false], ['+w', false, false], ['ug+w', false, false], ['a+rwxt', false, false], ['u=rwx,go=rwx', true, false],
    ['o+w,o=r', false, false], ['o+w-w', false, false], ['go-w', false, false], ['u+s', false, true], ['u-s', false, false], ['a=rw,o=r', false, false],
  ])('%s', (text, isWorldWritable, setsId) => expect(fileMode(text)).toEqual({ isWorldWritable, setsId })); // biome-ignore format: a list

  it.each(['', '888', 'a', 'app', '/a', '777777', `u${'+x'.repeat(100)}`])('%j is none', (text) =>
    expect(fileMode(text)).toBeUndefined(),
  );
});

describe('webAddress', () => {
  it.each([
    ['https://a.org/b/c.tgz?x=1#y', { scheme: 'https', host: 'a.org', file: 'c.tgz' }],
    ['HTTP://u:p@A.org:8080', { scheme: 'http', host: 'a.org', file: '' }],
    ['http://$HOST/a', { scheme: 'http', file: 'a' }],
    ['http://[::1]:80/a', { scheme: 'http', host: '[::1]', file: 'a' }],
  ])('%s', (text, expected) => expect(webAddress(text)).toEqual(expected));

  it.each(['a.org/b', '/a', '-o', 'file:/a'])('%s is none', (text) => expect(webAddress(text)).toBeUndefined());
});

test.each(['localhost', '127.0.0.1', '10.1.2.3', '192.168.0.1', '172.20.0.1', 'db', 'x.internal', '[::1]'])(
  '%s is near',
  (host) => {
    expect(isNear(host)).toBe(true);
  },
);
test.each(['example.org', '11.0.0.1', '172.32.0.1', 'localhost.org'])('%s is far', (host) =>
  expect(isNear(host)).toBe(false),
);

describe('verifies', () => {
  it.each([
    ['sha256sum -c a', true], ['shasum -a 256 -c', true], ['gpg --batch --verify a b', true], ['gpg --import a', false], ['openssl dgst -sha256 a', true],
    ['openssl req', false], ['rpm -K a', true], ['rpm -i a', false], ['cosign verify-blob a', true], ['gpgv a', true], ['tar xf a', false],
  ])('%s', (command, expected) => {
    const [found] = model(`FROM a\nRUN ${command}\n`).commands;
    expect(found && verifies(found.command)).toBe(expected);
  }); // biome-ignore format: a list

  it('counts for the steps shortly before, in the same stage', () => {
    const { steps, ...rest } = model(`FROM a\nRUN a\n${'RUN b\n'.repeat(5)}RUN sha256sum -c x\nRUN c\nFROM b\nRUN d\n`);
    const verified = verifiedSteps({ steps, ...rest });
    expect(steps.map((step) => verified.has(step))).toEqual([false, ...Array(6).fill(true), false, false]);
  });
});

describe('removeWords', () => {
  const without = (text: string, word: string): string | undefined => {
    const found = model(text).commands.find(({ command }) => command.words.some((each) => each.text === word))?.command;
    const words = found?.words.find((each) => each.text === word);
    const edit = found && words && removeWords(found, words);
    return edit && applyEdits(text, [edit]);
  };

  it('takes the blanks in front along, continuations too', () => {
    expect(without('FROM a\nRUN x -a -k b\n', '-k')).toBe('FROM a\nRUN x -a b\n');
    expect(without('FROM a\nRUN x \\\n  -k \\\n  b\n', '-k')).toBe('FROM a\nRUN x \\\n  b\n');
  });

  it('refuses across a redirect and in an exec form', () => {
    expect(without('FROM a\nRUN x > y -k\n', '-k')).toBeUndefined();
    expect(without('FROM a\nRUN ["x", "-k"]\n', '-k')).toBeUndefined();
  });
});

describe('users', () => {
  const user = (text: string): string | undefined => {
    const { finalStage } = model(text);
    return finalStage && userOf(finalStage)?.text;
  };

  it('are inherited, expanded, and not taken from ONBUILD', () => {
    expect(user('FROM a AS b\nUSER x\nFROM b\n')).toBe('x');
    expect(user('FROM a\nENV U=y\nUSER x\nUSER $U:0\nONBUILD USER z\n')).toBe('y:0');
    expect(user('FROM a\nARG U\nUSER ${U:-app}\n')).toBe('app');
    expect(user('FROM a\nRUN b\n')).toBeUndefined();
  });

  test.each(['root', '0', '0:0', 'root:x', '00'])('%s is root', (name) => expect(isRootUser(name)).toBe(true));
  test.each(['rootless', '1000:0', 'app:root', '10'])('%s is not root', (name) => expect(isRootUser(name)).toBe(false));

  it('give up root with gosu and its like', () => {
    const drops = (text: string): boolean | undefined => {
      const { finalStage } = model(text);
      return finalStage && dropsRoot(finalStage);
    };
    expect(drops('FROM a\nENTRYPOINT ["su-exec", "app", "x"]\n')).toBe(true);
    expect(drops('FROM a AS b\nRUN apk add su-exec\nFROM b\n')).toBe(true);
    expect(drops('FROM a AS b\nRUN apk add su-exec\nFROM a\nCMD x\n')).toBe(false);
  });

  test.each([
    ['debian:13', true],
    ['scratch', true],
    ['gcr.io/distroless/base', true],
    ['gcr.io/distroless/base:nonroot', false],
    ['postgres:18', false],
    ['team/debian', false],
    ['example.org/debian', false],
  ])('%s starts as root: %s', (image, expected) => {
    const { finalStage } = model(`FROM ${image} AS a\nFROM a\n`);
    expect(finalStage && startsAsRoot(finalStage)).toBe(expected);
  });
});

test('assignedVariables finds ENV, ARG, assignments and export', () => {
  const found = assignedVariables(model('ARG A=1\nFROM a\nARG B\nENV C=2 D=\nRUN E=3 x; export F=4 -p G; y H=5\n'));
  expect(found.map(({ name, value }) => [name, value?.text])).toEqual([
    ['A', '1'],
    ['B', undefined],
    ['C', '2'],
    ['D', ''],
    ['E', '3'],
    ['F', '4'],
    ['G', undefined],
  ]);
});

describe('long files', () => {
  const rules: readonly Rule[] = [
    chmod777, chownAfterCopy, curlPipeShell, downloadUnchecked, httpDownload, passwordInCommand, secretValue, tlsOff, unauthenticatedPackages,
  ]; // biome-ignore format: a list
  const time = (text: string): number => {
    const set = ruleSet(rules, { preset: 'all' });
    const start = cpuTime();
    lint({ path: 'Dockerfile', text }, set);
    return cpuTime() - start;
  };

  it.each([
    ['downloads', 'curl -k http://a.org/b; '],
    ['pipes', 'curl a | sh | '],
    ['installs', 'apk add --allow-untrusted a.apk; '],
    ['changes', 'chown -R a /a; chmod 777 /b; '],
    ['passwords', 'P_TOKEN=q7Zt1LmX9bKc3VwRj5Yd x --password=y https://a:b@c '],
    ['tokens', 'AKIAQ7ZT1LMX9BKC3VWR \\\n# x\n'],
  ])('%s take linear time', (_, part) => {
    const text = (times: number): string => `FROM a\nCOPY a /a\nRUN ${part.repeat(times)}x\n${'RUN x\n'.repeat(300)}`;
    time(text(200));
    const [short, long] = [time(text(1500)), time(text(12_000))];
    expect(long).toBeLessThan(Math.max(short, 40) * 8 * 4);
  });
});
