import { defineRule, type Stage, systemOf } from '../src/lint/rule.ts';

export default defineRule({
  id: 'no-command',
  category: 'correctness',
  severity: 'info',
  summary: 'an image that is meant to run, but does not say what',
  why: 'The base brings no program to start, and neither CMD nor ENTRYPOINT names one, yet the image declares a port or a health check. `docker run` ends with "no command specified" unless everybody who uses the image knows what to type.',
  examples: [
    {
      bad: 'FROM «scratch»\nCOPY app /app\nEXPOSE 80\n',
      good: 'FROM scratch\nCOPY app /app\nEXPOSE 80\nCMD ["/app"]\n',
    },
    { bad: 'FROM gcr.io/distroless/static:nonroot AS a\nCOPY app /app\nFROM «a»\nHEALTHCHECK CMD ["/app", "-t"]\n' },
    { bad: 'FROM «scratch»\nSTOPSIGNAL SIGINT\nCMD []\nENTRYPOINT []\n' },
    { good: 'FROM scratch\nCOPY --from=build /out /\n', note: 'Files to be copied out, or a base for others.' },
    { good: 'FROM scratch AS a\nENTRYPOINT ["/app"]\nFROM a\nEXPOSE 80\n' },
    { good: 'FROM scratch AS a\nEXPOSE 80\nFROM nginx:1\nEXPOSE 80\n', note: 'nginx brings a command.' },
    { good: 'FROM scratch\nHEALTHCHECK NONE\nONBUILD EXPOSE 80\n' },
    { good: 'FROM gcr.io/distroless/nodejs22-debian12\nEXPOSE 80\n', note: 'It has node as its ENTRYPOINT.' },
    { good: 'FROM scratch\nEXPOSE 80\nCMD /app\n' },
    { bad: 'FROM «scratch»\nHEALTHCHECK cmd ls\n' },
  ],
  *check({ finalStage }) {
    if (!finalStage?.from.image || !startsNothing(finalStage)) return;
    if (finalStage.start.CMD && !isEmpty(finalStage, 'CMD')) return;
    if (finalStage.start.ENTRYPOINT && !isEmpty(finalStage, 'ENTRYPOINT')) return;
    const sign = meantToRun(finalStage);
    if (!sign) return;
    yield {
      at: finalStage.from.image.span,
      message: `the image has ${sign}, but no CMD or ENTRYPOINT`,
      help: 'add CMD ["/program"] or ENTRYPOINT ["/program"]',
    };
  },
});

/** Bases that have neither CMD nor ENTRYPOINT. */
function startsNothing(stage: Stage): boolean {
  const root = stage.root;
  if (root.kind === 'scratch') return true;
  return (
    systemOf(root) === 'distroless' &&
    root.kind === 'image' &&
    /\/(static|base|base-nossl|cc)(-debian\d+)?$/.test(root.image.name)
  );
}

function isEmpty(stage: Stage, keyword: 'CMD' | 'ENTRYPOINT'): boolean {
  const instruction = stage.start[keyword]?.instruction;
  return instruction?.keyword === keyword && instruction.form === 'exec' && instruction.words.length === 0;
}

/** What only a container has a use for. */
function meantToRun(stage: Stage): string | undefined {
  for (const { instruction, deferred } of stage.steps) {
    if (deferred) continue;
    const { keyword } = instruction;
    if (keyword === 'EXPOSE' || keyword === 'STOPSIGNAL') return `an ${keyword}`.replace('an S', 'a S');
    if (keyword === 'HEALTHCHECK' && instruction.type?.text.toUpperCase() === 'CMD') return 'a HEALTHCHECK';
  }
  return undefined;
}
