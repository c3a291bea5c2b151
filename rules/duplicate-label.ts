import { defineRule, type Edit, type Label, labels, removePair, type SemanticModel } from '../src/lint/rule.ts';

export default defineRule({
  id: 'duplicate-label',
  category: 'correctness',
  mentions: ['label'],
  severity: 'warning',
  summary: 'a label that is set again in the same stage',
  why: 'The last value is the one in the image. The earlier one is read by people and by nobody else: whoever edits it changes nothing.',
  examples: [
    { bad: 'FROM alpine:3\nLABEL «a»=1\nLABEL a=2\n', good: 'FROM alpine:3\nLABEL a=2\n' },
    { bad: 'FROM alpine:3\nLABEL «a»=1 \\\n  b=2 \\\n  «a»=3 "a"=4\n', good: 'FROM alpine:3\nLABEL b=2 \\\n  "a"=4\n' },
    {
      bad: 'FROM alpine:3\nLABEL b=2 \\\n  «a»=1\nONBUILD LABEL «a»=2 a=3\nLABEL a=4\n',
      good: 'FROM alpine:3\nLABEL b=2\nONBUILD LABEL a=3\nLABEL a=4\n',
    },
    {
      bad: 'FROM alpine:3\nLABEL b=1 \\\n# why\n  «a»=1\nLABEL a=2\n',
      good: 'FROM alpine:3\nLABEL b=1\nLABEL a=2\n',
      fixed: false,
    },
    { good: 'FROM alpine:3 AS x\nLABEL a=1\nFROM x\nLABEL a=2 b=3\n', note: 'What is inherited may be changed.' },
    { good: 'FROM alpine:3\nONBUILD LABEL a=1\nLABEL a=1 A=1\n' },
    { good: 'FROM alpine:3\nARG P\nLABEL $P=1 $P=2\n' },
  ],
  *check(model) {
    for (const stage of model.stages) {
      const last = new Map<string, Label>();
      for (const label of labels(stage)) {
        const { key, step } = label;
        const name = `${step.deferred} ${key}`;
        const earlier = last.get(name);
        last.set(name, label);
        if (!earlier) continue;
        const edit = removeLabel(model, earlier);
        yield {
          at: earlier.pair.key.span,
          message: `label ${key} is set again below, so this value is void`,
          help: 'remove it',
          ...(edit ? { fix: { title: `Remove this ${key}`, edits: [edit] } } : {}),
        };
      }
    }
  },
});

function removeLabel({ dockerfile }: SemanticModel, { step, pair }: Label): Edit | undefined {
  const { instruction, onbuild } = step;
  if (instruction.keyword !== 'LABEL') return undefined;
  return removePair(dockerfile.source.text, onbuild ?? instruction, instruction, pair);
}
