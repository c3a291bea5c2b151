import { defineRule, type Span, type Stage, type Step, systemOf } from '../src/lint/rule.ts';

export default defineRule({
  id: 'shell-in-scratch',
  category: 'correctness',
  severity: 'error',
  summary: 'a shell form in an image that has no shell',
  why: 'A shell form runs `/bin/sh -c`. Images from scratch and the distroless ones have no /bin/sh: a RUN stops the build, a CMD or ENTRYPOINT ends the container at once, and a HEALTHCHECK never passes.',
  examples: [
    {
      bad: 'FROM scratch\nCOPY app /app\nCMD «/app --serve»\n',
      good: 'FROM scratch\nCOPY app /app\nCMD ["/app", "--serve"]\n',
    },
    { bad: 'FROM scratch\nRUN «mkdir /a»\n', good: 'FROM scratch\nWORKDIR /a\n' },
    {
      bad: 'FROM gcr.io/distroless/static:nonroot AS a\nADD https://localhost/app.tar.gz /opt/\nFROM a\nENTRYPOINT «exec /app»\nHEALTHCHECK CMD «/app -t»\n',
    },
    {
      bad: 'FROM scratch\nCOPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo\nCOPY ca.pem app/ /etc/ssl/\nCMD «app»\n',
    },
    { bad: 'FROM scratch\nRUN «<<EOF»\na\nEOF\n' },
    { good: 'FROM scratch\nADD rootfs.tar.xz /\nRUN apt-get update\nCMD bash\n' },
    { good: 'FROM scratch\nCOPY --from=build / /\nRUN true\n' },
    { good: 'FROM scratch\nCOPY busybox /bin/sh\nRUN true\n' },
    { good: 'FROM scratch\nCOPY --from=busybox:1 /bin /bin/\nRUN true\n' },
    { good: 'FROM scratch\nCOPY a b /usr/\nRUN true\n' },
    { good: 'FROM scratch\nARG TO\nCOPY a $TO\nRUN true\n' },
    { good: 'FROM scratch\nWORKDIR /\nCOPY rootfs .\nCMD true\n' },
    { good: 'FROM scratch\nRUN --mount=type=bind,from=busybox:1,source=/bin,target=/bin true\n' },
    { good: 'FROM scratch\nCOPY busybox /busybox/\nSHELL ["/busybox/sh", "-c"]\nRUN true\n' },
    { good: 'FROM scratch\nRUN ["/app"]\nCMD []\nHEALTHCHECK NONE\n' },
    { good: 'FROM gcr.io/distroless/static:debug\nRUN true\nFROM alpine:3\nCMD app\n' },
    { good: 'FROM scratch AS a\nCOPY rootfs /\nFROM a\nRUN true\n' },
    { good: "FROM scratch\nCMD ['/app']\n", note: 'Rule invalid-exec-form tells of this.' },
    { bad: 'FROM scratch\nRUN --mount=type=bind,target=/src «a»\n' },
    { good: 'FROM scratch\nCOPY a .\nRUN ls\n' },
    { bad: 'FROM scratch\nCOPY a /opt/a\nRUN «ls»   \n' },
    { bad: 'FROM scratch\nWORKDIR /opt\nCOPY a bin/\nRUN «ls»\n' },
    { good: 'FROM scratch\nWORKDIR /bin\nCOPY sh .\nRUN ls\n' },
    { good: 'FROM scratch\nCOPY a $X\nRUN ls\n' },
  ],
  *check({ stages }) {
    const furnished = new Set<Stage>();
    for (const stage of stages) {
      if (!isBare(stage)) continue;
      if (stage.base.kind === 'stage' && furnished.has(stage.base.stage)) furnished.add(stage);
      for (const step of stage.steps) {
        if (bringsShell(step)) furnished.add(stage);
        if (furnished.has(stage)) break;
        const at = step.shell.isSet ? undefined : shellForm(step);
        if (at)
          yield {
            at,
            message: `there is no /bin/sh in this image to run the ${step.instruction.keyword}`,
            help: help(step),
          };
      }
    }
  },
});

function help({ instruction: { keyword } }: Step): string {
  if (keyword === 'RUN') return 'do it in another stage and copy the result';
  return `use the exec form: ${keyword}${keyword === 'HEALTHCHECK' ? ' CMD' : ''} ["/program"]`;
}

function isBare(stage: Stage): boolean {
  const root = stage.root;
  return root.kind === 'scratch' || systemOf(root) === 'distroless';
}

/** Where the text for the shell stands, if this step needs one. */
function shellForm({ instruction, mounts }: Step): Span | undefined {
  switch (instruction.keyword) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK': {
      const { form, script, span } = instruction;
      if (form === 'exec' || !script || /^\s*(\[\s*["'“‘]|$)/.test(script.text)) return undefined;
      if (mounts.some(({ type, target }) => type === 'bind' && isAbove(target))) return undefined;
      const start = script.segments[0]?.offset ?? span.start;
      return { start, end: instruction.heredocs.length > 0 ? start + script.text.trimEnd().length : span.end };
    }
    default:
      return undefined;
  }
}

/** A copy that may put a file at /bin/sh: into the root, /bin, /usr or /usr/bin, or to where nobody knows. */
function bringsShell({ copy, workdir }: Step): boolean {
  if (!copy) return false;
  const { targetPath } = copy;
  if (targetPath === undefined) return true;
  const isRelative = !targetPath.startsWith('/');
  return isAbove(isRelative ? `${workdir ?? ''}/${targetPath}` : targetPath);
}

function isAbove(path: string | undefined): boolean {
  if (path === undefined) return true;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return /^(usr(\/bin(\/sh)?)?|bin(\/sh)?)?$/.test(parts.join('/'));
}
