import {
  areApart,
  defineRule,
  isMoreVolatile,
  type LayerFacts,
  layerFacts,
  lineStarts,
  listing,
  moveBehind,
  positionAt,
  type SemanticModel,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'copy-order',
  category: 'cache',
  severity: 'off',
  presets: { strict: 'info' },
  summary: 'files that change often are copied in front of files that change seldom',
  why: 'A copy behind a changed one is made again, as a new layer that has to be pushed and pulled anew, though its files are the same. With what changes most often copied last, a new version of the image shares all other layers with the one before. COPY --link makes a layer that does not depend on those below it.',
  examples: [
    {
      bad: 'FROM node:22 AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nFROM node:22\nCOPY «.» /app/src\nEXPOSE 80\nCOPY --from=deps /app/node_modules /app/node_modules\nCOPY --from=example/tool:1 /tool /tool\n',
      good: 'FROM node:22 AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nFROM node:22\nEXPOSE 80\nCOPY --from=deps /app/node_modules /app/node_modules\nCOPY --from=example/tool:1 /tool /tool\nCOPY . /app/src\n',
    },
    {
      bad: 'FROM alpine:3\nWORKDIR /app\nCOPY «src» .\nADD https://e.org/data.bin /app/data.bin\n',
      note: 'One writes into the folder of the other: which file wins may depend on their order.',
    },
    { good: 'FROM alpine:3\nCOPY src /src\nCOPY --link --from=example/tool:1 /tool /tool\n' },
    {
      good: 'FROM alpine:3\nCOPY src /src\nRUN make -C /src\nCOPY --from=example/tool:1 /tool /tool\n',
      note: 'The build stands between them.',
    },
    { good: 'FROM alpine:3\nCOPY src /src\nCOPY entrypoint.sh /\n', note: 'A small file costs nothing.' },
    {
      good: 'FROM alpine:3 AS a\nCOPY src /src\nCOPY --from=example/tool:1 /tool /tool\nFROM scratch\nCOPY --from=a /src /src\n',
      note: 'Layers of this stage are not in the image.',
    },
    { good: 'FROM alpine:3 AS a\nCOPY src /src\nFROM alpine:3\nCOPY --from=a /src /src\nCOPY --from=a /src /other\n' },
    {
      good: 'FROM alpine:3 AS a\nCOPY src /src\nFROM a\nCOPY --from=example/tool:1 /tool /tool\n',
      note: 'Another stage may need it in this order.',
    },
  ],
  *check(model) {
    const starts = lineStarts(model.dockerfile.source.text);
    for (const [first, late] of lateCopies(model, layerFacts(model))) {
      const at = first.copy?.sources.find(({ kind }) => kind === 'path')?.word.span ?? first.instruction.keywordSpan;
      const lines = late.map(({ instruction }) => `${positionAt(starts, instruction.span.start).line}`);
      const fix = moved(model, first, late);
      yield {
        at,
        message: `every edit of a source file makes the ${late.length === 1 ? 'copy of line' : 'copies of lines'} ${listing(lines)} again, which seldom change`,
        help: 'copy what changes most often last, or use COPY --link for the others',
        ...(fix ? { fix } : {}),
      };
    }
  },
});

/** Copies of something weighty that are made again because of a copy in front of them, with nothing but words between. */
function lateCopies(model: SemanticModel, facts: ReadonlyMap<Step, LayerFacts>): Map<Step, Step[]> {
  const late = new Map<Step, Step[]>();
  for (const { steps } of model.stages.filter(({ isShipped }) => isShipped)) {
    let lastRun = -1;
    for (const step of steps) {
      if (step.instruction.keyword === 'RUN') lastRun = step.index;
      const fact = facts.get(step);
      const first = fact?.because;
      if (!fact || !first?.copy || first.stage !== step.stage || first.index < lastRun || !isWeighty(step)) continue;
      if (!isMoreVolatile(fact.reruns, 'dependency-change') || isMoreVolatile(fact.volatility, 'dependency-change'))
        continue;
      late.set(first, [...(late.get(first) ?? []), step]);
    }
  }
  return late;
}

/** What comes from elsewhere is seldom a single small file. */
function isWeighty({ copy }: Step): boolean {
  return (
    copy !== undefined &&
    (copy.from.kind !== 'context' || copy.sources.some(({ kind }) => kind === 'url' || kind === 'git'))
  );
}

function moved({ dockerfile }: SemanticModel, first: Step, late: readonly Step[]) {
  const last = late.at(-1);
  if (!last || first.instruction.keyword !== 'COPY') return undefined;
  const { text } = dockerfile.source;
  const between = first.stage.steps.slice(first.index + 1, last.index + 1);
  const isFree = between.every((step) => {
    const { keyword } = step.instruction;
    return step.copy ? areApart(first, step) : keyword !== 'WORKDIR' && keyword !== 'VOLUME';
  });
  const isFixed = !text.slice(first.instruction.span.start, first.instruction.span.end).includes('$');
  if (!isFree || !isFixed) return undefined;
  return { title: 'Copy it last', edits: moveBehind(dockerfile, [first.instruction], last.instruction) };
}
