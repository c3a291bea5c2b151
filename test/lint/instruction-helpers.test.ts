import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/lint/fix.ts';
import { parse } from '../../src/lint/parse.ts';
import {
  exposedPorts,
  isLabelAmong,
  isLicenseExpression,
  labels,
  licenseIdLike,
  type Pairs,
  plainReferences,
  removePair,
  type SemanticModel,
  type Word,
} from '../../src/lint/rule.ts';
import { analyze } from '../../src/lint/semantic.ts';

function modelOf(text: string): SemanticModel {
  return analyze(parse({ path: 'Dockerfile', text }));
}

describe('EXPOSE', () => {
  const ports = (text: string) => {
    const step = modelOf(text).steps.at(-1);
    return step ? exposedPorts(step).map((port) => ({ ...port, word: undefined, text: undefined })) : [];
  };
  const slice = (text: string, { start, end }: { start: number; end: number }) => text.slice(start, end);

  it('has a port, a range, a protocol and a host', () => {
    const text = 'FROM scratch\nEXPOSE 80 90-95/udp 127.0.0.1:1:2/TCP [::1]:3:4 x';
    expect(ports(text)).toMatchObject([
      { port: '80', from: 80, to: 80, protocol: 'tcp' },
      { port: '90-95', from: 90, to: 95, protocol: 'udp' },
      { port: '2', protocol: 'TCP', host: '127.0.0.1:1:' },
      { port: '4', host: '[::1]:3:' },
      { port: 'x' },
    ]);
    expect(ports(text)[4]).not.toHaveProperty('from');
    const [, , third] = ports(text);
    expect([third?.portSpan, third?.protocolSpan, third?.hostSpan].map((span) => span && slice(text, span))).toEqual([
      '2',
      'TCP',
      '127.0.0.1:1:',
    ]);
  });

  it('has what a variable holds, at the place of the variable', () => {
    const text = 'FROM scratch\nENV P="80 81/udp"\nEXPOSE $P';
    expect(ports(text).map(({ port }) => port)).toEqual(['80', '81']);
    expect(ports(text).map(({ portSpan }) => slice(text, portSpan))).toEqual(['$P', '$P']);
    expect(ports('FROM a:1\nEXPOSE $X')).toEqual([]);
    expect(ports('FROM a:1\nUSER 80')).toEqual([]);
  });
});

describe('references of a word', () => {
  const references = (value: string): Record<string, string> => {
    const text = `FROM a:1\nUSER ${value}`;
    const instruction = parse({ path: '', text }).instructions[1] as { words: readonly Word[] };
    const found = plainReferences(text, instruction.words[0] as Word);
    return Object.fromEntries([...found].map(([name, { start, end }]) => [name, text.slice(start, end)]));
  };

  it.each([
    ['$A/${B}', { A: '$A', B: '${B}' }],
    ['$A$A', { A: '$A' }],
    ['${A:-x}${B-x}${C:+x}${D+x}${E:?x}${F?x}', {}],
    ['${A%x}${B##x}${C/x/y}', { A: '${A%x}', B: '${B##x}', C: '${C/x/y}' }],
    ['${A:-$B}', { B: '$B' }],
    ['a', {}],
    ['$AB\\\nC', { AB: '$AB', ABC: '$AB\\\nC' }],
  ])('%s', (value, expected) => {
    expect(references(value)).toEqual(expected);
  });
});

describe('labels', () => {
  it('have keys and values with variables filled in', () => {
    const text = 'FROM a:1\nARG K=k V\nLABEL $K.a="x y" b=$V $Q=c\nONBUILD LABEL d e f\nENV g=h';
    expect([...labels(modelOf(text))].map(({ key, value }) => [key, value])).toEqual([
      ['k.a', 'x y'],
      ['b', undefined],
      ['d', 'e f'],
    ]);
  });

  it('are looked up by name, or by how they begin', () => {
    expect(isLabelAmong('a.b', ['c', 'a.b'])).toBe(true);
    expect(isLabelAmong('a.b', ['a.*'])).toBe(true);
    expect(isLabelAmong('a.b', ['a', 'a.b.*'])).toBe(false);
  });
});

describe('licence expressions', () => {
  it.each([
    'MIT',
    'mit',
    'MIT OR Apache-2.0',
    '(MIT AND ISC)',
    'GPL-2.0+',
    'LicenseRef-Acme',
    'GPL-2.0-only WITH Classpath-exception-2.0',
  ])('%s is one', (text) => expect(isLicenseExpression(text)).toBe(true));

  it.each(['BSD', 'MIT, ISC', 'MIT OR', 'Apache 2.0', 'Proprietary', '', 'x'.repeat(2000), '('.repeat(1000)])(
    '%s is none',
    (text) => expect(isLicenseExpression(text)).toBe(false),
  );

  it('are guessed from names that differ in case and blanks', () => {
    expect(licenseIdLike('apache 2.0')).toBe('Apache-2.0');
    expect(licenseIdLike('Apache License 2.0')).toBeUndefined();
  });
});

describe('taking a pair out', () => {
  const without = (text: string, index: number): string | undefined => {
    const instruction = parse({ path: '', text }).instructions[1] as Pairs;
    const edit = removePair(text, instruction, instruction, instruction.pairs[index] as Pairs['pairs'][number]);
    return edit && applyEdits(text, [edit]);
  };

  it.each([
    ['FROM a\nENV A=1 B=2\n', 0, 'FROM a\nENV B=2\n'],
    ['FROM a\nENV A=1 \\\n  B=2\n', 1, 'FROM a\nENV A=1\n'],
    ['FROM a\n  ENV A=1\nRUN b\n', 0, 'FROM a\nRUN b\n'],
    ['FROM a\nENV A=1 \\\n# c\n  B=2\n', 0, undefined],
    ['FROM a\nENV A \\\n# c\n  1\n', 0, undefined],
  ])('%j %i', (text, index, expected) => {
    expect(without(text, index)).toBe(expected);
  });
});
