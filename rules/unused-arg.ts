import {
  defineRule,
  expandedWords,
  type Instruction,
  type Pair,
  type Pairs,
  platformArgs,
  predefinedArgs,
  type SemanticModel,
  type Stage,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'unused-arg',
  category: 'correctness',
  severity: 'warning',
  summary: 'an ARG that nothing uses',
  why: 'An ARG above the first FROM is seen by FROM alone; a stage has to take it over with an ARG of its own. Where that is forgotten, `--build-arg` is accepted and changes nothing, and `$NAME` in a RUN is empty. Otherwise the ARG is a leftover that readers try to understand.',
  examples: [
    {
      bad: 'ARG «VERSION»=1.2\nFROM alpine:3\nRUN wget https://a.example/$VERSION.tgz\n',
      good: 'ARG VERSION=1.2\nFROM alpine:3\nARG VERSION\nRUN wget https://a.example/$VERSION.tgz\n',
    },
    { bad: 'ARG A=1 «B»=2\nARG «C»=$A\nFROM alpine:3\n' },
    { bad: 'FROM alpine:3\nRUN true\nARG «A»\nENV B=1\nARG «C»\n', note: 'No RUN follows that could see them.' },
    { good: 'ARG A=3 B=$A C\nFROM --platform=$C alpine:${B:-3}\n' },
    { good: 'FROM alpine:3\nARG A\nRUN ./build.sh\n', note: 'The script may read it.' },
    { good: 'FROM alpine:3\nARG A\nLABEL a=$A\nARG B\nARG C=${B}\nCOPY <<EOF --chown=$C /a\n$C\nEOF\n' },
    { good: 'FROM alpine:3\nARG A\nCOPY <<E /a\n${A}\nE\nARG B\nCOPY --chown=$B a /a\n' },
    {
      good: 'ARG TARGETARCH\nARG HTTP_PROXY\nARG BUILDKIT_SYNTAX=docker/dockerfile:1\nARG SOURCE_DATE_EPOCH\nFROM alpine:3\n',
    },
    {
      good: 'FROM alpine:3 AS a\nARG A\nFROM a\nENV B=$A\nFROM a\nUSER b\n',
      note: 'ARGs go on in the stages that start from theirs.',
    },
    { good: 'FROM alpine:3 AS a\nARG A\nFROM a\nUSER b\nFROM a\nRUN b\n' },
    { bad: 'FROM alpine:3 AS a\nARG «A»\nFROM a\nUSER b\nFROM a\nUSER c\n' },
    { good: 'ARG A # is it\nFROM a:$A\nARG B # or not\nLABEL b=$B\n', note: 'This is `trailing-comment`.' },
    { good: 'ARG A\nFROM alpine:3\nCOPY $A /a\n', note: 'This is `undefined-variable`.' },
    { good: 'FROM alpine:3\nONBUILD ARG A\nONBUILD RUN true\n' },

    { good: 'ARG A=1\n', note: 'This is `before-from`.', exact: true },
    { good: 'ENV A=1\nFROM alpine:3\n', note: 'This is `before-from`.', exact: true },
    { bad: 'FROM alpine:3\nARG «A»\nONBUILD RUN true\n', note: 'What is built on this image does not see it.' },
    { bad: 'FROM alpine:3\nARG «TARGETARCH»\nUSER a\n' },
    { bad: 'FROM alpine:3 AS a\nARG «A»\nFROM alpine:3\nCOPY $A .\n' },
    { bad: 'FROM alpine:3 AS a\nARG A B «C»\nFROM a AS b\nCOPY $A .\nFROM a\nCOPY $B $D $E .\n' },
    { bad: 'FROM alpine:3\nARG «A» # why\nCOPY . .\n' },
    { good: 'FROM alpine:3\nARG A\nARG A\nCOPY $A .\n' },
    { bad: 'FROM alpine:3\nARG «A»\nONBUILD RUN ls\n' },
    { bad: 'FROM alpine:3\nENV B=x A=$B\nARG «C»\nCOPY . .\n' },
    { good: 'ARG X\n' },
  ],
  *check(model) {
    if (model.stages.length === 0) return;
    yield* unusedGlobals(model);
    yield* unusedInStages(model);
  },
});

/** Read by the builder itself (Dockerfile reference, "Predefined ARGs" and "BuildKit built-in build args"). */
const builderArgs = new Set([...platformArgs, ...predefinedArgs, 'SOURCE_DATE_EPOCH']);

function isForBuilder(name: string): boolean {
  return builderArgs.has(name) || /^BUILDKIT_|^BUILDX_/.test(name);
}

function* unusedGlobals({ preamble, stages, steps, dockerfile }: SemanticModel) {
  const { text } = dockerfile.source;
  const used = new Set<string>();
  for (const { from } of stages) addNames(used, text.slice(from.span.start, from.span.end));
  for (const { instruction } of steps) {
    if (instruction.keyword === 'ARG') for (const { key } of instruction.pairs) used.add(key.text);
    for (const { raw } of expandedWords(instruction)) if (raw.includes('$')) addNames(used, raw);
  }
  for (const instruction of preamble) {
    if (instruction.keyword === 'ARG') for (const { value } of instruction.pairs) if (value) addNames(used, value.raw);
  }
  for (const instruction of preamble) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { key } of withoutComment(instruction)) {
      if (used.has(key.text) || isForBuilder(key.text)) continue;
      yield {
        at: key.span,
        message: `no FROM uses ${key.text}, and no stage takes it over`,
        help: `remove it, or add ARG ${key.text} to the stage that needs it`,
      };
    }
  }
}

/** What is used below a place: by name, and by a RUN, which could read anything from its environment. */
interface Below {
  readonly names: Set<string>;
  hasRun: boolean;
}

/** From the end of the file up, since ARGs go on in the stages that start from theirs. */
function* unusedInStages({ stages, dockerfile }: SemanticModel) {
  const children = new Map<Stage, Below>();
  for (const stage of stages.toReversed()) {
    const below = children.get(stage) ?? { names: new Set(), hasRun: false };
    for (const { key } of unusedIn(stage, below, dockerfile.source.text)) {
      yield { at: key.span, message: `nothing uses ${key.text} after this`, help: 'remove it' };
    }
    if (stage.base.kind === 'stage') children.set(stage.base.stage, joined(below, children.get(stage.base.stage)));
  }
}

function* unusedIn({ steps }: Stage, below: Below, text: string): Generator<Pair> {
  for (const { instruction, deferred } of steps.toReversed()) {
    if (instruction.keyword === 'RUN' && !deferred) below.hasRun = true;
    if (below.hasRun) return;
    if (instruction.keyword === 'ARG' && !deferred) {
      for (const pair of withoutComment(instruction).toReversed()) {
        const { key, value } = pair;
        if (!below.names.has(key.text)) yield pair;
        below.names.add(key.text);
        if (value) addNames(below.names, value.raw);
      }
    } else addNames(below.names, textOf(instruction, text));
  }
}

/** The smaller goes into the larger, so that a chain of stages takes linear time. */
function joined(one: Below, other: Below | undefined): Below {
  if (!other) return one;
  const [large, small] = one.names.size > other.names.size ? [one, other] : [other, one];
  for (const name of small.names) large.names.add(name);
  large.hasRun ||= small.hasRun;
  return large;
}

/** What stands behind a `#` is `trailing-comment`. */
function withoutComment({ pairs }: Pairs): readonly Pair[] {
  const hash = pairs.findIndex(({ key }) => key.raw.startsWith('#'));
  // One without a name is a `syntax-error`.
  return (hash < 0 ? pairs : pairs.slice(0, hash)).filter(({ key }) => key.text !== '');
}

function textOf({ span }: Instruction, text: string): string {
  return text.slice(span.start, span.end);
}

function addNames(names: Set<string>, text: string): void {
  for (const [name] of text.matchAll(/[A-Za-z_]\w*/g)) names.add(name);
}
