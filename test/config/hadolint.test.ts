import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rules } from '../../rules/index.ts';
import { configText } from '../../src/config/config-text.ts';
import { readHadolint } from '../../src/config/hadolint.ts';
import { ConfigResolver } from '../../src/config/resolve-config.ts';
import { folder } from '../support/cli.ts';

/** What a file and an environment come to: settings, and `LEVEL` or `[LEVEL, OPTIONS]` by rule. */
function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  const { path, remove } = folder({ '.hadolint.yaml': text });
  try {
    const place = { path: `${path}/.hadolint.yaml`, kind: 'hadolint', folder: path } as const;
    const loaded = readHadolint(place, rules, environment);
    if ('errors' in loaded) {
      const told = loaded.errors.map(
        ({ message, where, hint }) => `${where?.replace(/.*yaml:/, '')} ${message} (${hint})`,
      );
      return { errors: told, rules: {}, config: undefined, held: undefined };
    }
    const held = new ConfigResolver(loaded.config).of(`${path}/Dockerfile`);
    const lines = [...held.rules.values()].map(({ id, level, options }) => [id, options ? [level, options] : level]);
    return { errors: [], rules: Object.fromEntries(lines) as Record<string, unknown>, config: loaded.config, held };
  } finally {
    remove();
  }
}

describe('the file', () => {
  test('holds as hadolint has it', () => {
    expect(read('').held).toMatchObject({ preset: 'hadolint', failOn: 'info' });
  });

  test.each<[string, string, object]>([
    ['ignored', 'ignored: [DL3042, sc2086]', { 'pip-cache': 'off', SC2086: 'off' }],
    ['a code of several rules', 'ignored: [DL3025]', { 'shell-form-command': 'off', 'shell-form-healthcheck': 'off' }],
    [
      'override',
      'override: { style: [DL3003], error: [DL3042, SC2046] }',
      { 'run-cd': 'style', 'pip-cache': 'error', SC2046: 'error' },
    ],
    ['ignored beats override', 'override: { error: [DL3042] }\nignored: [DL3042]', { 'pip-cache': 'off' }],
    ['one registry', 'trustedRegistries: docker.io', { 'untrusted-registry': ['on', { allowed: ['docker.io'] }] }],
    [
      'registries',
      'trustedRegistries: ["*.a.io", b.io]',
      { 'untrusted-registry': ['on', { allowed: ['*.a.io', 'b.io'] }] },
    ],
    [
      'label-schema',
      'label-schema: { a: text, u: url, v: semver, h: hash, t: rfc3339, l: spdx, m: email, w: url }',
      {
        'label-missing': ['on', { required: ['a', 'u', 'v', 'h', 't', 'l', 'm', 'w'] }],
        'label-empty': ['on', { labels: ['a'] }],
        'label-url': ['on', { labels: ['u', 'w'] }],
        'label-semver': ['on', { labels: ['v'] }],
        'label-git-hash': ['on', { labels: ['h'] }],
        'label-time': ['on', { labels: ['t'] }],
        'label-license': ['on', { labels: ['l'] }],
        'label-email': ['on', { labels: ['m'] }],
      },
    ],
    [
      'strict-labels',
      'label-schema: { a: text }\nstrict-labels: true',
      { 'label-unknown': ['on', { allowed: ['a'] }] },
    ],
    ['keys without a value', 'ignored:\noverride:\n  error:\nlabel-schema:\n', {}],
  ])('%s', (_, text, expected) => expect(read(text)).toMatchObject({ errors: [], rules: expected }));

  test.each([
    ['failure-threshold: error', 'error'],
    ['failure-threshold: style', 'style'],
    ['failure-threshold: ignore', 'style'],
    ['failure-threshold: none', 'style'],
    ['failure-threshold: error\nno-fail: true', 'never'],
    ['no-fail: false', 'info'],
  ])('%j: failOn %s', (text, failOn) => expect(read(text).held).toMatchObject({ failOn }));

  test('comments, colour and format', () => {
    expect(read('disable-ignore-pragma: true').held?.inlineIgnores).toBe(false);
    expect(read('disable-ignore-pragma: false').held?.inlineIgnores).toBe(true);
    expect(read('no-color: true\nformat: tty\nverbose: true').config).toMatchObject({ noColor: true, format: 'text' });
    expect(read('format: json').config).toMatchObject({ format: 'json' });
    expect(read('format: codacy').config?.format).toBeUndefined();
  });

  test('what hadolint has dropped, and what has no counterpart, is passed over and told of', () => {
    const { rules: lines, config } = read('ignored: [DL3005, DL3042]\nstrict-labels: true');
    expect(lines).toEqual({ 'pip-cache': 'off' });
    expect(config?.unmapped.map((each) => each.replace(/\(.*\.hadolint/, '(.hadolint'))).toEqual([
      'strict-labels without label-schema (.hadolint.yaml:2)',
      'DL3005 (.hadolint.yaml:1)',
    ]);
  });

  test.each([
    ['failure-threshold: warn', [expect.stringMatching(/^1:20 "warn" .* \(did you mean warning\?\)$/)]],
    ['label-schema: { a: semvr }', [expect.stringMatching(/^1:20 "semvr" .* \(did you mean semver\?\)$/)]],
    ['ignored: DL3008: x', [expect.stringMatching(/^1:\d+ /)]],
  ])('%s is an error', (text, errors) => expect(read(text).errors).toEqual(errors));
});

test.each([
  ['ignored: [DL30O8, DL3042]', 'there is no code DL30O8, and hadolint passes it over: did you mean DL3018?'],
  [
    'ignored: [DL3042]\nignore: [DL3003]',
    'there is no key ignore here, and hadolint passes it over: did you mean ignored?',
  ],
  ['ignored: [DL3042]\noverrides: { DL4000: { severity: info } }', 'there is no key overrides here, and'],
  ['ignored: [DL3042]\noverride: { errors: [DL3003] }', 'there is no key errors here, and'],
  ['ignored: [DL3042]\nextends: default\nrules: [DL3003]', 'there is no key extends here, and'],
])('%j: what is unknown is passed over, and told', (text, note) => {
  const { errors, rules: lines, config } = read(text);
  expect([errors, lines]).toEqual([[], { 'pip-cache': 'off' }]);
  expect(config?.notes?.[0]).toContain(note);
  expect(config?.unmapped[0]).toMatch(/^\w+ \(.*hadolint\.yaml:\d(?:; did you mean \w+\?)?\)$/);
});

describe('the environment', () => {
  test('is below the file, and lists add up', () => {
    const { rules: lines, held } = read('ignored: [DL3042]\nfailure-threshold: error', {
      HADOLINT_IGNORE: 'DL3003,SC2086',
      HADOLINT_FAILURE_THRESHOLD: 'style',
      HADOLINT_OVERRIDE_INFO: 'DL3008',
      HADOLINT_TRUSTED_REGISTRIES: 'a.io',
      HADOLINT_ALLOWED_REGISTRIES: 'b.io',
      HADOLINT_REQUIRE_LABELS: 'v:semver,broken,x:unknown',
    });
    expect(lines).toMatchObject({
      'pip-cache': 'off',
      'run-cd': 'off',
      SC2086: 'off',
      'apt-unpinned': 'info',
      'untrusted-registry': ['on', { allowed: ['a.io', 'b.io'] }],
      'label-missing': ['on', { required: ['v'] }],
    });
    expect(held?.failOn).toBe('error');
    expect(held?.rules.get('run-cd')?.origin).toBe('HADOLINT_IGNORE');
  });

  test.each([
    ['1', 'never'],
    ['Yes', 'never'],
    ['0', 'info'],
    ['', 'info'],
  ])('HADOLINT_NOFAIL=%s: failOn %s', (value, failOn) => {
    expect(read('', { HADOLINT_NOFAIL: value }).held?.failOn).toBe(failOn);
  });

  test('switches', () => {
    const { held, rules: lines } = read('label-schema: { a: text }', {
      HADOLINT_DISABLE_IGNORE_PRAGMA: 'on',
      HADOLINT_STRICT_LABELS: 'true',
    });
    expect(held?.inlineIgnores).toBe(false);
    expect(lines).toHaveProperty('label-unknown');
  });
});

test('dlint init says the same in our words', () => {
  const { config, held } = read(
    'ignored: [DL3042, SC2086]\noverride: { info: [DL3008] }\ntrustedRegistries: ["*.a.io"]\nfailure-threshold: warning\ndisable-ignore-pragma: true\n',
  );
  if (!config || !held) throw new Error('it is right');
  expect(parse(configText({ shellcheck: true, conversion: { config, held } }))).toEqual({
    preset: 'hadolint',
    failOn: 'warning',
    shellcheck: true,
    inlineIgnores: false,
    rules: {
      'untrusted-registry': ['on', { allowed: ['*.a.io'] }],
      'apt-unpinned': 'info',
      'pip-cache': 'off',
      SC2086: 'off',
    },
  });
});
