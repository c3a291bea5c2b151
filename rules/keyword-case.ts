import { defineRule, type Instruction, replace, type SemanticModel } from '../src/lint/rule.ts';

export default defineRule({
  id: 'keyword-case',
  aliases: ['ConsistentInstructionCasing'],
  category: 'style',
  severity: 'style',
  presets: { buildkit: 'warning' },
  summary: 'instructions in upper and lower case in one file',
  why: 'Instructions stand out when they are all written alike, in upper case by custom. The odd one is overlooked, by people and by searches.',
  examples: [
    {
      bad: 'FROM alpine:3\nUSER a\n«run» true\n«Copy» a b\n',
      good: 'FROM alpine:3\nUSER a\nRUN true\nCOPY a b\n',
      exact: true,
    },
    {
      bad: 'from alpine:3\nrun a\n«RUN» b\n«OnBuild» run c\n',
      good: 'from alpine:3\nrun a\nrun b\nonbuild run c\n',
      exact: true,
    },
    {
      bad: 'FROM alpine:3\n«run» true\n',
      good: 'FROM alpine:3\nRUN true\n',
      exact: true,
      note: 'Upper case wins a tie.',
    },
    {
      bad: 'FROM alpine:3\nRUN true\nONBUILD «run» true\n',
      good: 'FROM alpine:3\nRUN true\nONBUILD RUN true\n',
      exact: true,
    },
    { good: 'FROM alpine:3\nRUN <<EOF\nrun b\nrun c\nrun d\nEOF\n' },
    { good: 'arg a=1\nfrom alpine:3\nrun true\n' },
    { good: 'FROM alpine:3\nRUN true\nrum true\n', note: 'What is no instruction does not count.', exact: true },
  ],
  deviations: [
    {
      code: 'ConsistentInstructionCasing',
      what: 'looks behind ONBUILD and above FROM, too',
      why: 'these are instructions as any',
    },
  ],
  *check({ dockerfile }) {
    const keywords = keywordsOf(dockerfile);
    const lower = keywords.filter(({ word }) => word === word.toLowerCase()).length;
    const upper = keywords.filter(({ word }) => word === word.toUpperCase()).length;
    for (const { word, span } of keywords) {
      const right = lower > upper ? word.toLowerCase() : word.toUpperCase();
      if (word === right) continue;
      yield {
        at: span,
        message: `${word} is written in another case than most instructions here`,
        help: `write ${right}`,
        fix: { title: `Write ${right}`, edits: [replace(span, right)] },
      };
    }
  },
});

function keywordsOf({ instructions, source: { text } }: SemanticModel['dockerfile']) {
  return instructions
    .flatMap((each): readonly Instruction[] =>
      each.keyword === 'ONBUILD' && each.instruction ? [each, each.instruction] : [each],
    )
    .filter(({ keyword }) => keyword !== 'UNKNOWN')
    .map(({ keywordSpan: span }) => ({ span, word: text.slice(span.start, span.end) }));
}
