import { defineRule, stringsOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'banned-instruction',
  category: 'correctness',
  severity: 'error',
  summary: 'an instruction that the project does not allow',
  why: 'Some projects do without certain instructions: ADD, because COPY is plainer, VOLUME, because it surprises those who build on the image, or ONBUILD. The rule is silent until it is given a list.',
  options: {
    instructions: stringsOption([], 'Instructions that are not allowed: `ADD`, `VOLUME`, `ONBUILD`.'),
  },
  examples: [
    {
      bad: 'FROM alpine:3\n«ADD» a b\nCOPY a b\n',
      good: 'FROM alpine:3\nCOPY a b\n',
      options: { instructions: ['add'] },
    },
    { bad: 'FROM alpine:3\n«ONBUILD» RUN true\n', options: { instructions: ['ONBUILD'] } },
    {
      bad: 'FROM alpine:3\nONBUILD «VOLUME» /a\nCOPY <<EOF /a\nVOLUME /a\nEOF\n',
      options: { instructions: ['VOLUME'] },
    },
    { bad: '«ARG» A=1\nFROM alpine:3\n', options: { instructions: ['ARG'] }, exact: true },
    { good: 'FROM alpine:3\nADD a b\nVOLUME /a\n' },
    { good: 'FROM alpine:3\nADD a b\n', options: { instructions: ['VOLUME'] } },
  ],
  *check({ dockerfile }, { instructions }) {
    const banned = new Set(instructions.map((each) => each.trim().toUpperCase()));
    if (banned.size === 0) return;
    for (const outer of dockerfile.instructions) {
      const inner = outer.keyword === 'ONBUILD' ? outer.instruction : undefined;
      for (const { keyword, keywordSpan } of inner ? [outer, inner] : [outer]) {
        if (!banned.has(keyword)) continue;
        yield {
          at: keywordSpan,
          message: `${keyword} is not allowed in this project`,
          help: 'see the configuration of this rule',
        };
      }
    }
  },
});
