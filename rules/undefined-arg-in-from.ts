import {
  closest,
  defineRule,
  expandWord,
  plainReferences,
  platformArgs,
  type SemanticModel,
  type Stage,
  type Word,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'undefined-arg-in-from',
  aliases: ['UndefinedArgInFrom'],
  category: 'correctness',
  severity: 'error',
  presets: { buildkit: 'warning' },
  summary: 'FROM uses a variable that no ARG above the first FROM declares',
  why: 'FROM sees the ARGs that stand before the first FROM, and nothing else: no ARG of a stage, no ENV, and no --build-arg that is not declared there. The variable is empty, and the image is another one than was meant, or none.',
  examples: [
    {
      bad: 'ARG VERSION=3.22\nFROM alpine:«${VERSON}»\n',
      good: 'ARG VERSION=3.22\nFROM alpine:${VERSION}\n',
      fixed: false,
    },
    { bad: 'FROM alpine:3 AS a\nARG VERSION=22\nENV V=1\nFROM node:«$VERSION»-«${V}»\n' },
    { bad: 'FROM --platform=«$PLATFORM» alpine:3\nFROM --platform=linux/«${TARGETARC}» alpine:3\n' },
    { good: 'ARG IMAGE\nARG TAG=$X\nFROM $IMAGE:${TAG}\n' },
    { good: 'FROM --platform=$BUILDPLATFORM alpine:3 AS build-$TARGETARCH\nFROM a-${TARGETARCH}\n' },
    {
      good: 'FROM alpine:${VERSION:-3}\nFROM alpine:${VERSION-3}\n',
      note: 'The file says what holds when it is unset.',
    },
    { good: 'FROM alpine:3\nRUN echo $X\n' },
    { bad: 'FROM ${IMAGE:-alpine}:«$TAG»\n' },
  ],
  deviations: [{ code: 'UndefinedArgInFrom', what: 'silent for `${X:-default}`', why: 'it is not empty' }],
  *check(model) {
    for (const stage of model.stages) {
      for (const word of wordsOf(stage)) yield* inWord(model, word);
    }
  },
});

/** The value of --platform, and the image. */
function wordsOf({ from: { flags, image } }: Stage): readonly Word[] {
  const words = flags.flatMap(({ value = '', valueSpan: span }) => (span ? [{ span, raw: value, text: value }] : []));
  return image ? [...words, image] : words;
}

function* inWord({ globalArgs, dockerfile }: SemanticModel, word: Word) {
  const references = plainReferences(dockerfile.source.text, word);
  if (references.size === 0) return;
  const { unmatched } = expandWord(word.raw, { get: (name) => (globalArgs.has(name) ? '' : undefined) }, dockerfile);
  for (const name of unmatched) {
    const at = references.get(name);
    if (!at) continue;
    const near = closest(name, [...globalArgs.names(), ...platformArgs]);
    yield {
      at,
      message: `no ARG above the first FROM declares ${name}, so it is empty here`,
      help: near ? `did you mean ${near}?` : `put ARG ${name} above the first FROM`,
    };
  }
}
