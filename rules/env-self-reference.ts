import { defineRule, plainReferences } from '../src/lint/rule.ts';

export default defineRule({
  id: 'env-self-reference',
  aliases: ['DL3044'],
  category: 'correctness',
  mentions: ['env'],
  severity: 'error',
  presets: { hadolint: 'error' },
  summary: 'ENV uses a variable that the same ENV sets',
  why: 'All values of one ENV see the variables as they were before it. The new value is not there yet: the variable is empty, or has the value of the base image.',
  examples: [
    {
      bad: 'FROM alpine:3\nENV ROOT=/srv DATA=«$ROOT»/data\n',
      good: 'FROM alpine:3\nENV ROOT=/srv\nENV DATA=$ROOT/data\n',
    },
    { bad: 'FROM alpine:3\nENV DATA="«${ROOT}»/data" \\\n  ROOT=/srv LOG=«${ROOT%/}»/log\n' },
    { good: 'FROM alpine:3\nENV ROOT=/srv\nENV ROOT=/opt OLD=$ROOT\n', note: 'It is meant to be the old value.' },
    { good: 'FROM alpine:3\nARG V\nENV V=$V NAME=app-$V\n' },
    { good: 'FROM alpine:3\nENV PATH=/x:$PATH Q=$PATH LIB=/x:$LIB\n', note: 'PATH is always set.' },
    { good: "FROM alpine:3\nENV A=1 B=${A:-2}$Z C='$A' D=$AB\nARG E=1 F=$E\n" },
  ],
  *check({ steps, dockerfile }) {
    for (const { instruction, env, expand } of steps) {
      if (instruction.keyword !== 'ENV' || instruction.pairs.length < 2) continue;
      const own = new Set(instruction.pairs.map(({ key }) => key.text));
      for (const { key, value } of instruction.pairs) {
        if (!value) continue;
        const references = plainReferences(dockerfile.source.text, value);
        for (const name of references.size > 0 ? expand(value.raw).unmatched : []) {
          const at = references.get(name);
          if (!at || !own.has(name) || name === key.text || name === 'PATH' || env.has(name)) continue;
          yield {
            at,
            message: `${name} does not have its new value yet within the ENV that sets it`,
            help: `set ${name} in an ENV of its own, above this one`,
          };
        }
      }
    }
  },
});
