import {
  defineRule,
  type Edit,
  type Pair,
  type Pairs,
  removePair,
  type SemanticModel,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'duplicate-env',
  category: 'correctness',
  severity: 'info',
  summary: 'an environment variable that is set twice for nothing',
  why: 'Of two values in one ENV the last one counts; and a later ENV with the value that the variable has already changes nothing. Whoever edits one of the two is surprised by the other.',
  examples: [
    { bad: 'FROM alpine:3\nENV «A»=1 \\\n  B=2 A=3\n', good: 'FROM alpine:3\nENV B=2 A=3\n' },
    {
      bad: 'FROM alpine:3\nENV A=1\nRUN true\nENV «A»="1"\nENV B=2 «A»=1\n',
      good: 'FROM alpine:3\nENV A=1\nRUN true\nENV B=2\n',
    },
    { bad: 'FROM alpine:3 AS a\nENV A=1\nFROM a\nENV «A» 1\n', good: 'FROM alpine:3 AS a\nENV A=1\nFROM a\n' },
    { good: 'FROM alpine:3\nENV A=1\nENV A=2\nENV A=1\nENV PATH=/a:$PATH PATH2=x\nENV PATH=/b:$PATH\n' },
    { good: 'FROM alpine:3\nARG A=1\nENV A=1\nONBUILD ENV A=1\n', note: 'An ARG is gone when the image is done.' },
    { good: 'FROM alpine:3\nARG B\nENV A=$B\nENV A=$B\nENV A=$C\n', note: 'Not known to be the same.' },
    { good: 'FROM alpine:3\nENV A=1\nFROM alpine:3\nENV A=1\n' },
  ],
  *check(model) {
    for (const step of model.steps) {
      const { instruction, deferred } = step;
      if (instruction.keyword !== 'ENV' || deferred) continue;
      const last = new Map(instruction.pairs.map((pair) => [pair.key.text, pair]));
      for (const pair of instruction.pairs) {
        const name = pair.key.text;
        const isVoid = last.get(name) !== pair;
        if (!isVoid && !isSet(step, pair)) continue;
        const edit = removeOne(model, step, instruction, pair);
        yield {
          at: pair.key.span,
          message: isVoid
            ? `${name} is set again in the same ENV, so this value is void`
            : `${name} has this value already`,
          help: 'remove it',
          ...(edit ? { fix: { title: `Remove this ${name}`, edits: [edit] } } : {}),
        };
      }
    }
  },
});

function isSet({ env, expand }: Step, { key, value }: Pair): boolean {
  const before = env.get(key.text);
  return before?.kind === 'env' && before.value !== undefined && before.value === expand(value?.raw ?? '').text;
}

function removeOne({ dockerfile }: SemanticModel, step: Step, pairs: Pairs, pair: Pair): Edit | undefined {
  return removePair(dockerfile.source.text, step.instruction, pairs, pair);
}
