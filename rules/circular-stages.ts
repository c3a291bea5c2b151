import { defineRule, type Stage } from '../src/lint/rule.ts';

export default defineRule({
  id: 'circular-stages',
  category: 'correctness',
  severity: 'error',
  presets: { buildkit: 'error' },
  summary: 'stages that need each other',
  why: 'Each of them can only be built after the other. BuildKit stops with "circular dependency detected".',
  examples: [
    {
      bad: 'FROM alpine:3 AS a\nCOPY --from=«b» /b /b\nFROM alpine:3 AS b\nCOPY --from=a /a /a\n',
      good: 'FROM alpine:3 AS a\nFROM alpine:3 AS b\nCOPY --from=a /a /a\n',
    },
    {
      bad: 'FROM alpine:3 AS a\nRUN --mount=from=«c»,target=/c true\nFROM a AS b\nFROM alpine:3 AS c\nCOPY --from=b /b /b\n',
    },
    { good: 'FROM alpine:3 AS a\nCOPY --from=b /b /b\nFROM alpine:3 AS b\nFROM a\nCOPY --from=b /b /b\n' },
    { good: 'FROM alpine:3 AS a\nCOPY --from=a /a /b\n', note: 'This is `copy-from-self`.' },
  ],
  *check({ images, stages }) {
    const circles = circlesOf(stages);
    for (const { stage, target, span, text } of images) {
      // Every circle has a reference to a stage further down.
      if (target.kind !== 'stage' || target.stage.index <= stage.index) continue;
      if (circles.get(target.stage) !== circles.get(stage)) continue;
      yield {
        at: span,
        message: `${text} is built from this stage, and this stage from it`,
        help: 'move what both need into a stage of its own',
      };
    }
  },
});

/**
 * Stages with a mark that is the same for those that need each other: strongly connected components, by Tarjan's
 * algorithm, without recursion.
 */
function circlesOf(stages: readonly Stage[]): ReadonlyMap<Stage, number> {
  const circles = new Map<Stage, number>();
  const order = new Map<Stage, number>();
  const lowest = new Map<Stage, number>();
  const open: Stage[] = [];
  for (const root of stages) {
    if (order.has(root)) continue;
    const path: { stage: Stage; next: number }[] = [];
    const enter = (stage: Stage): void => {
      order.set(stage, order.size);
      lowest.set(stage, order.size - 1);
      open.push(stage);
      path.push({ stage, next: 0 });
    };
    enter(root);
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const { stage } = at;
      const low = lowest.get(stage) ?? 0;
      const needed = stage.dependsOn[at.next++];
      if (needed) {
        if (!order.has(needed)) enter(needed);
        else if (!circles.has(needed)) lowest.set(stage, Math.min(low, order.get(needed) ?? low));
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.stage;
      if (parent) lowest.set(parent, Math.min(lowest.get(parent) ?? low, low));
      if (low !== order.get(stage)) continue;
      for (let each = open.pop(); each; each = each === stage ? undefined : open.pop()) circles.set(each, low);
    }
  }
  return circles;
}
