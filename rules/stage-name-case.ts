import { defineRule, type ImageUse, replace, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'stage-name-case',
  aliases: ['StageNameCasing'],
  category: 'style',
  severity: 'style',
  presets: { buildkit: 'warning' },
  summary: 'a stage name with upper-case letters',
  why: 'Names of stages are compared without regard to case, so `Build` and `build` are one stage. Other builders do compare the case. In lower case names also stand apart from instructions.',
  examples: [
    {
      bad: 'FROM alpine:3 AS «BuildBase»\nFROM BuildBase\n',
      good: 'FROM alpine:3 AS buildbase\nFROM buildbase\n',
    },
    {
      bad: 'FROM alpine:3 AS a\nFROM a AS «B»\nFROM a\nCOPY --from=B --link /b /b\nRUN --mount=from=B,target=/b true\nCOPY --from=1 /b /c\n',
      good: 'FROM alpine:3 AS a\nFROM a AS b\nFROM a\nCOPY --from=b --link /b /b\nRUN --mount=from=b,target=/b true\nCOPY --from=1 /b /c\n',
    },
    { bad: 'FROM alpine:3 AS «B»\nARG S=B\nFROM $S\n', good: 'FROM alpine:3 AS b\nARG S=B\nFROM $S\n' },
    { good: 'FROM alpine:3 AS build-2\n' },
    { good: 'FROM alpine:3\nFROM Build\n' },
  ],
  *check({ stages, images }) {
    const uses = usesOf(images);
    for (const stage of stages) {
      const { name } = stage.from;
      if (!name || name.raw === name.raw.toLowerCase()) continue;
      const lower = name.raw.toLowerCase();
      yield {
        at: name.span,
        message: `the stage name ${name.raw} has upper-case letters`,
        help: `write ${lower}`,
        fix: {
          title: `Write ${lower}`,
          edits: [replace(name, lower), ...(uses.get(stage) ?? []).map((use) => replace(use, lower))],
        },
      };
    }
  },
});

/** Where stages are named as they are called but for case. BuildKit does not mind the case, other builders do. */
function usesOf(images: readonly ImageUse[]): ReadonlyMap<Stage, readonly ImageUse[]> {
  const uses = new Map<Stage, ImageUse[]>();
  for (const use of images) {
    const stage = use.target.kind === 'stage' ? use.target.stage : undefined;
    const name = stage?.from.name?.raw.toLowerCase();
    if (!stage || use.text.toLowerCase() !== name || use.text === name) continue;
    const known = uses.get(stage);
    if (known) known.push(use);
    else uses.set(stage, [use]);
  }
  return uses;
}
