import { defineRule, execForm, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'shell-form-command',
  aliases: ['DL3025', 'JSONArgsRecommended'],
  category: 'correctness',
  severity: 'warning',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: 'CMD or ENTRYPOINT in shell form',
  why: 'In shell form the program runs below `/bin/sh -c`. Where that shell stays in front of the program, it gets the signals: `docker stop` waits ten seconds and then kills. Arguments of `docker run` do not reach a shell-form ENTRYPOINT at all.',
  examples: [
    {
      bad: 'FROM alpine:3\nCMD «nginx -g "daemon off;"»\n',
      good: 'FROM alpine:3\nCMD ["nginx", "-g", "daemon off;"]\n',
    },
    { bad: 'FROM alpine:3\nENTRYPOINT «"./micronaut"»\n', good: 'FROM alpine:3\nENTRYPOINT ["./micronaut"]\n' },
    { bad: 'FROM alpine:3\nCMD «exec app -x»\n', good: 'FROM alpine:3\nCMD ["app", "-x"]\n' },
    { bad: 'FROM alpine:3\nENTRYPOINT «exec app "$@"»\n', good: 'FROM alpine:3\nENTRYPOINT ["app"]\n', fixed: false },
    { bad: 'FROM alpine:3\nCMD «a && b»\n', says: ['ends with exec: CMD ["sh", "-c", "… && exec program"]'] },
    { bad: 'FROM alpine:3\nENTRYPOINT «app $A»\n', says: ['exec program \\"$@\\"", "--"]'] },
    { bad: 'FROM alpine:3\nCMD «nice -n 5  "app x"»\n', good: 'FROM alpine:3\nCMD ["nice", "-n", "5", "app x"]\n' },
    {
      bad: 'FROM alpine:3\nENTRYPOINT «busybox httpd -f»\nCMD «exec gosu app nginx»\n',
      good: 'FROM alpine:3\nENTRYPOINT ["busybox", "httpd", "-f"]\nCMD ["gosu", "app", "nginx"]\n',
    },
    { bad: 'FROM alpine:3\nCMD «command app»\n' },
    { bad: 'FROM alpine:3\nCMD «env A=$B app»\n' },
    { bad: 'FROM alpine:3\nCMD «env A=~ app &»\n' },
    { bad: 'FROM alpine:3\nCMD «cd /app»\n' },
    { bad: 'FROM alpine:3\nCMD «LANG=C app»\n' },
    { bad: 'FROM alpine:3\nCMD «app > /log»\n' },
    { bad: 'FROM alpine:3\nCMD «ls *.txt»\n' },
    { bad: 'FROM alpine:3\nCMD «sleep 1 &»\n' },
    { good: 'FROM alpine:3\nCMD ["app", "--serve"]\nENTRYPOINT []\n' },
    { good: 'FROM alpine:3\nSHELL ["/bin/bash", "-c"]\nCMD app --serve\n', note: 'Whoever sets SHELL wants a shell.' },
    { good: 'FROM alpine:3 AS base\nSHELL ["/bin/bash", "-c"]\nFROM base\nENTRYPOINT app --serve\n' },
    { good: "FROM alpine:3\nCMD ['app']\n", note: 'Rule invalid-exec-form tells of this.' },
    { good: 'FROM alpine:3\nHEALTHCHECK CMD curl localhost || exit 1\n' },
  ],
  deviations: [
    { code: 'DL3025', what: 'silent after SHELL', why: 'the author chose a shell; BuildKit says so, too' },
    { code: 'DL3025', what: 'a broken exec form is `invalid-exec-form`', why: 'it is meant as an exec form' },
    {
      code: 'JSONArgsRecommended',
      what: 'a broken exec form is `invalid-exec-form`',
      why: 'it is meant as an exec form',
    },
    { code: 'DL3025', what: 'HEALTHCHECK is `shell-form-healthcheck`', why: 'a health check often needs `|| exit 1`' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      const { instruction, shell } = step;
      if (instruction.keyword !== 'CMD' && instruction.keyword !== 'ENTRYPOINT') continue;
      if (instruction.form === 'exec' || !instruction.script || shell.isSet) continue;
      if (looksLikeJson(instruction.script.text)) continue;
      const at = { start: instruction.script.segments[0]?.offset ?? instruction.span.start, end: instruction.span.end };
      const words = execForm(step);
      const isExec = step.commands[0]?.wrappers[0]?.name === 'exec';
      const fix = words && { title: 'Write it in exec form', safe: false, edits: [replace(at, words)] };
      yield {
        at,
        message: isExec
          ? `${instruction.keyword} needs a shell in the image to start the program`
          : `${instruction.keyword} runs below a shell, which does not pass signals on`,
        help: words ? `use the exec form: ${instruction.keyword} ${words}` : writtenOut(instruction.keyword),
        ...(fix ? { fix } : {}),
      };
    }
  },
});

/** What needs a shell may have one that the program takes the place of. */
function writtenOut(keyword: string): string {
  const script =
    keyword === 'CMD' ? '["sh", "-c", "… && exec program"]' : '["sh", "-c", "… && exec program \\"$@\\"", "--"]';
  return `what needs a shell says so, and ends with exec: ${keyword} ${script}`;
}

/** A broken exec form is `invalid-exec-form`. */
function looksLikeJson(text: string): boolean {
  return /^\s*\[\s*["'“‘]/.test(text);
}
