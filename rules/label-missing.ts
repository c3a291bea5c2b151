import { defineRule, isLabelAmong, labels, type Stage, stringsOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'label-missing',
  aliases: ['DL3049'],
  category: 'style',
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'the image lacks a label that the project asks for',
  why: 'Labels say where an image comes from, who looks after it and under which licence it is, long after it has left the build. The rule is silent until it is told which labels there have to be.',
  options: {
    required: stringsOption([], 'Labels that the final stage has to have, itself or from a stage it starts from.'),
  },
  examples: [
    {
      bad: '«FROM» alpine:3\nLABEL a=b\n',
      good: 'FROM alpine:3\nLABEL a=b\nLABEL org.opencontainers.image.source=https://example.com\n',
      options: { required: ['a', 'org.opencontainers.image.source'] },
    },
    {
      bad: 'FROM alpine:3 AS x\nLABEL a=b\nFROM x AS y\nLABEL b=c\n«FROM» alpine:3\nONBUILD LABEL a=b\n',
      options: { required: ['a'] },
    },
    { good: 'FROM alpine:3 AS x\nLABEL a=b\nFROM x AS y\nFROM y\nLABEL c=$D\n', options: { required: ['a', 'c'] } },
    {
      good: 'FROM alpine:3 AS build\nFROM alpine:3\nLABEL a=b\n',
      options: { required: ['a'] },
      note: 'Only the final image counts.',
    },
    { good: 'FROM alpine:3\n' },
  ],
  deviations: [
    {
      code: 'DL3049',
      what: 'looks at the final stage only',
      why: 'the others are thrown away, or give it their labels',
    },
  ],
  *check({ finalStage }, { required }) {
    if (!finalStage || required.length === 0) return;
    const present = labelsOf(finalStage);
    for (const key of required) {
      if (present.some((each) => isLabelAmong(each, [key]))) continue;
      yield { at: finalStage.from.keywordSpan, message: `the image has no label ${key}`, help: `add LABEL ${key}=…` };
    }
  },
});

function labelsOf(final: Stage): readonly string[] {
  const keys: string[] = [];
  for (
    let stage: Stage | undefined = final;
    stage;
    stage = stage.base.kind === 'stage' ? stage.base.stage : undefined
  ) {
    for (const { key, step } of labels(stage)) if (!step.deferred) keys.push(key);
  }
  return keys;
}
