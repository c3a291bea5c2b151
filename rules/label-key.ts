import { defineRule, labels } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-key',
  aliases: ['DL3048'],
  category: 'style',
  mentions: ['label'],
  severity: 'style',
  presets: { hadolint: 'style' },
  summary: 'a label whose name is not by the rules',
  why: "Docker's guidelines want names of lower-case letters, digits, dots, dashes and slashes, and keep some prefixes for themselves. Programs that look for labels, or turn them into names of their own, stumble over other characters.",
  examples: [
    { bad: 'FROM alpine:3\nLABEL «Name»=a\n', good: 'FROM alpine:3\nLABEL name=a\n' },
    { bad: 'FROM alpine:3\nLABEL a=b «"a b"»=c «-d»=e «f.»=g «h..i»=j «k--l»=m «1n»=o\n' },
    { bad: 'FROM alpine:3\nLABEL «com.docker.a»=b «io.docker.c» = «org.dockerproject.d»=e\n', exact: true },
    { bad: 'FROM alpine:3\nARG P=A\nLABEL «$P.b»=c\nONBUILD LABEL «B» c\n' },
    { good: 'FROM alpine:3\nLABEL a.b-c/d_e1.f=g "h"=i com.dockerx.a=b\n' },
    { good: 'FROM alpine:3\nARG P\nLABEL $P.b=c\nENV Name=a\n' },
  ],
  *check(model) {
    for (const { key, pair } of labels(model)) {
      const problem = problemOf(key);
      if (!problem) continue;
      yield { at: pair.key.span, message: `label ${key} ${problem.message}`, help: problem.help };
    }
  },
});

function problemOf(key: string): { message: string; help: string } | undefined {
  if (/^(?:com\.docker|io\.docker|org\.dockerproject)\./.test(key)) {
    return {
      message: 'is in a namespace that Docker keeps for itself',
      help: 'use the reversed name of a domain of your own',
    };
  }
  if (/[^0-9a-z./_-]/.test(key)) {
    return {
      message: 'has other characters than lower-case letters, digits, `.`, `-`, `_` and `/`',
      help: `write ${key.toLowerCase().replace(/[^0-9a-z./_-]+/g, '-')}`,
    };
  }
  if (!/^[a-z]/.test(key)) return { message: 'does not begin with a letter', help: 'begin with a letter' };
  if (!/[a-z0-9]$/.test(key))
    return { message: 'does not end with a letter or digit', help: 'end with a letter or digit' };
  return /\.\.|--/.test(key) ? { message: 'has two separators in a row', help: 'write one of them' } : undefined;
}
