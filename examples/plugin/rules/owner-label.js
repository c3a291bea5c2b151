import { defineRule, labels, stringOption } from 'dlint/rule';

/** Stages and what they inherit; only the image that is shipped counts. */
export default defineRule({
  id: 'example/owner-label',
  category: 'style',
  severity: 'info',
  summary: 'the image does not say whose it is',
  why: 'An image that fails at night is easier to mend when it names the team that built it.',
  options: {
    label: stringOption('com.example.owner', 'The label that names the team.'),
  },
  examples: [
    { bad: 'FROM alpine:3.22 AS build\nLABEL com.example.owner=web\n«FROM» alpine:3.22\n' },
    { bad: '«FROM» alpine:3.22\nLABEL com.example.owner=""\n' },
    { bad: '«FROM» alpine:3.22\nLABEL com.example.owner=web\n', options: { label: 'team' } },
    { good: 'FROM alpine:3.22 AS base\nLABEL com.example.owner=web\nFROM base\nUSER 1000\n' },
    { good: 'ARG TEAM\nFROM alpine:3.22\nARG TEAM\nLABEL com.example.owner=$TEAM\n', note: 'Only the build knows.' },
  ],
  *check({ finalStage }, { label }) {
    for (let stage = finalStage; stage; stage = stage.base.kind === 'stage' ? stage.base.stage : undefined) {
      for (const { key, value, step } of labels(stage)) if (key === label && value !== '' && !step.deferred) return;
    }
    if (!finalStage) return;
    yield {
      at: finalStage.from.keywordSpan,
      message: `the image has no label ${label}`,
      help: `add LABEL ${label}=your-team`,
    };
  },
});
