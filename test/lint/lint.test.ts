import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { DlintError } from '../../src/errors.ts';
import { lint } from '../../src/lint/lint.ts';
import { defineRule, flagOption, integerOption, type Rule, recordOption, stringsOption } from '../../src/lint/rule.ts';
import { presetLevel, type RuleSetting, ruleSet } from '../../src/lint/rule-set.ts';
import { jsonSchema } from '../../src/lint/schema.ts';
import { shared } from '../support/shared.ts';

const parts = { category: 'style', severity: 'info', summary: '', why: '', examples: [] } as const;

const words = defineRule({
  ...parts,
  id: 'words',
  aliases: ['W1', 'Common'],
  presets: { hadolint: 'error' },
  options: {
    names: stringsOption(['curl'], 'programs'),
    most: integerOption(3, 1, 9, 'how many'),
    loud: flagOption(false, 'in capitals'),
    levels: recordOption('by name', ['a', 'b']),
  },
  *check({ commands }, { names, most, loud }) {
    let left: number = most;
    for (const { command } of commands) {
      if (!names.includes(command.name) || left-- <= 0) continue;
      yield { at: command.span, message: loud ? command.name.toUpperCase() : command.name };
    }
  },
});

const broken = defineRule({
  ...parts,
  id: 'broken',
  aliases: ['Common'],
  severity: 'off',
  *check({ steps }) {
    for (const { instruction } of steps) yield { at: instruction.span, message: 'before' };
    throw new TypeError('oh');
  },
});

function run(text: string, set = ruleSet([words, broken])) {
  return lint({ path: 'a/Dockerfile', text }, set);
}

function messages(text: string, set?: ReturnType<typeof ruleSet>) {
  return run(text, set).findings.map(({ rule, message, severity }) => `${severity} ${rule} ${message}`);
}

type Setting = readonly [name: string, setting: RuleSetting];

function withSettings(list: readonly Rule[], ...settings: readonly Setting[]) {
  return ruleSet(list, { settings: new Map(settings) });
}

describe('lint', () => {
  it('gives findings with severity, place and fingerprint', () => {
    const { findings } = run('FROM a:1\nRUN curl x\n');
    expect(findings).toMatchObject([
      {
        rule: 'words',
        aliases: ['W1', 'Common'],
        severity: 'info',
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        location: { source: { path: 'a/Dockerfile' }, span: { start: 13, end: 19 } },
      },
    ]);
  });

  it('sorts by place', () => {
    const set = withSettings([broken, words], ['broken', { level: 'error' }]);
    expect(messages('FROM a:1\nRUN curl x\nRUN curl y\n', set)).toEqual([
      'error broken before',
      'info words curl',
      'error broken before',
      'info words curl',
    ]);
  });

  it('goes on when a rule breaks down, and names it', () => {
    const { failures, findings } = run(
      'FROM a:1\nRUN curl x\n',
      withSettings([broken, words], ['broken', { level: 'on' }]),
    );
    expect(failures).toMatchObject([{ rule: 'broken', path: 'a/Dockerfile', error: expect.any(TypeError) }]);
    expect(findings.map(({ rule }) => rule)).toEqual(['broken', 'words']);
  });

  it('bounds what one rule says', () => {
    const set = withSettings([words], ['words', { options: { names: ['a'], most: 9 } }]);
    expect(run(`FROM a:1\nRUN ${'a;'.repeat(50)}\n`, set).findings.length).toBe(9);
    const every = defineRule({
      ...parts,
      id: 'every',
      *check({ commands }) {
        for (const { command } of commands) yield { at: command.span, message: '' };
      },
    });
    expect(run(`FROM a:1\nRUN ${'a;'.repeat(3000)}\n`, ruleSet([every])).findings.length).toBe(1000);
  });

  it('keeps spans inside the text', () => {
    const wild = defineRule({
      ...parts,
      id: 'wild',
      *check() {
        yield { at: { start: -5, end: 1e9 }, message: '' };
        yield { at: { start: 99, end: 3 }, message: '' };
      },
    });
    const spans = run('FROM a:1', ruleSet([wild])).findings.map(({ location }) => 'span' in location && location.span);
    expect(spans).toEqual([
      { start: 0, end: 8 },
      { start: 8, end: 8 },
    ]);
  });

  it('lets rules look at suppressions', () => {
    const set = ruleSet(rules);
    const text = 'FROM python:3.13\n# dlint-ignore pip-cache,apt-lists,nothing-such\nRUN pip install x\nCMD ["a"]\n';
    const { findings, suppressed } = run(text, set);
    const ours = findings
      .filter(({ rule }) => rule.endsWith('-ignore'))
      .map(({ rule, message }) => `${rule} ${message}`);
    expect(ours).toEqual([
      'unused-ignore apt-lists has nothing to silence here',
      'unknown-ignore there is no rule nothing-such',
    ]);
    expect(suppressed.map(({ rule }) => rule)).toEqual(['pip-cache']);
  });

  it('says whether the author wants findings to fail the build', () => {
    expect(run('# check=error=true\nFROM a:1').failsOnAny).toBe(true);
    expect(run('FROM a:1').failsOnAny).toBe(false);
  });
});

describe('fingerprints', () => {
  const of = (text: string, path = 'Dockerfile') =>
    lint({ path, text }, ruleSet([words])).findings.map(({ fingerprint }) => fingerprint);

  it('stay when lines move and white space changes', () => {
    const [first] = of('FROM a:1\nRUN curl x y\n');
    expect(of('# new\nFROM a:1\nENV A=1\nRUN ls\nRUN   curl \\\r\n  x   y\n')).not.toEqual([first]);
    expect(of('# new\nFROM a:1\nENV A=1\nRUN curl  x   y\n')).toEqual([first]);
  });

  it('differ by text, path and repetition', () => {
    const repeated = of('FROM a:1\nRUN curl x\nRUN curl x\nRUN curl y\n');
    expect(new Set([...repeated, ...of('FROM a:1\nRUN curl x\n', 'other')]).size).toBe(4);
    expect(of('FROM a:1\nRUN curl x\n')).toEqual([repeated[0]]);
  });
});

describe('rule sets', () => {
  it('follow presets', () => {
    const levels = (['recommended', 'strict', 'hadolint', 'buildkit', 'all'] as const).map((preset) => [
      presetLevel(words, preset),
      presetLevel(broken, preset),
    ]);
    expect(levels).toEqual([
      ['info', 'off'],
      ['info', 'off'],
      ['error', 'off'],
      ['off', 'off'],
      ['info', 'info'],
    ]);
  });

  it('take settings by id or alias, later ones first', () => {
    const levels = (...settings: Setting[]) => {
      return withSettings([words, broken], ...settings).active.map(({ rule, severity }) => `${rule.id} ${severity}`);
    };
    expect(levels(['words', { level: 'off' }])).toEqual([]);
    expect(levels(['w1', { level: 'warning' }])).toEqual(['words warning']);
    expect(levels(['Common', { level: 'error' }], ['broken', { level: 'off' }])).toEqual(['words error']);
    expect(levels(['broken', { level: 'on' }])).toEqual(['words info', 'broken info']);
  });

  it('read options', () => {
    const set = withSettings([words], ['words', { options: { names: ['ls'], loud: true } }]);
    expect(set.active[0]?.options).toEqual({ names: ['ls'], most: 3, loud: true, levels: {} });
    expect(messages('FROM a:1\nRUN ls; curl\n', set)).toEqual(['info words LS']);
  });

  it('take options from the preset, and from the user before that', () => {
    const rule: Rule = { ...words, presetOptions: { hadolint: { names: ['ls'], most: 2 } } };
    const of = (preset: 'recommended' | 'hadolint' | 'all', options?: unknown) => {
      const settings = new Map([['words', { options }]]);
      return ruleSet([rule], { preset, settings: options === undefined ? new Map() : settings }).active[0]?.options;
    };
    const defaults = { names: ['curl'], most: 3, loud: false, levels: {} };
    expect(of('recommended')).toEqual(defaults);
    expect(of('all')).toEqual(defaults);
    expect(of('hadolint')).toEqual({ ...defaults, names: ['ls'], most: 2 });
    expect(of('hadolint', { most: 4 })).toEqual({ ...defaults, names: ['ls'], most: 4 });
    expect(() => of('hadolint', ['x'])).toThrow('options must be a table of names and values');
  });

  it.each([
    ['a rule that does not exist', 'wrods', {}, 'there is no rule wrods'],
    [
      'an option that does not exist',
      'words',
      { options: { name: 1 } },
      'there is no option name; there is names, most, loud, levels',
    ],
    ['a wrong list', 'words', { options: { names: 'x' } }, 'option names must be a list of texts'],
    ['a wrong number', 'words', { options: { most: 10 } }, 'option most must be a whole number from 1 to 9'],
    ['a wrong flag', 'words', { options: { loud: 'no' } }, 'option loud must be true or false'],
    [
      'a wrong table',
      'words',
      { options: { levels: { x: 'c' } } },
      'option levels must be a table of names, each with one of a, b',
    ],
    ['no table', 'words', { options: [] }, 'options must be a table of names and values'],
    ['a prototype', 'words', { options: { constructor: 1 } }, 'there is no option constructor'],
  ])('refuse %s', (_, name, setting, message) => {
    const make = () => withSettings([words], [name, setting]);
    expect(make).toThrow(DlintError);
    expect(make).toThrow(message);
  });

  it('describe options for editors', () => {
    expect(jsonSchema(words.options ?? {})).toMatchObject({
      additionalProperties: false,
      properties: {
        names: { type: 'array', items: { type: 'string' }, default: ['curl'] },
        most: { type: 'integer', minimum: 1, maximum: 9 },
        loud: { type: 'boolean' },
        levels: { type: 'object', additionalProperties: { enum: ['a', 'b'] } },
      },
    });
  });
});

const corpus = shared('corpus/files');

describe.skipIf(!corpus)('the corpus', () => {
  it('is linted without a breakdown', () => {
    const files = readdirSync(corpus ?? '', { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const set = ruleSet(rules, { preset: 'all' });
    const failed = files.flatMap((file) => {
      const path = join(file.parentPath, file.name);
      return lint({ path, text: readFileSync(path, 'utf8') }, set).failures;
    });
    expect(files.length).toBeGreaterThan(2000);
    expect(failed).toEqual([]);
  });
});
