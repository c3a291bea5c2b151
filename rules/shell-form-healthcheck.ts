import { defineRule, execForm, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'shell-form-healthcheck',
  aliases: ['DL3025'],
  category: 'style',
  mentions: ['healthcheck'],
  severity: 'off',
  presets: { hadolint: 'warning' },
  summary: 'HEALTHCHECK in shell form',
  why: 'In shell form every check starts a shell that starts the program, and images without a shell cannot be checked at all. A check that needs `|| exit 1` is right in shell form: only 0 and 1 have a meaning as its status.',
  examples: [
    {
      bad: 'FROM alpine:3\nHEALTHCHECK --interval=5s CMD «curl -f http://localhost/»\n',
      good: 'FROM alpine:3\nHEALTHCHECK --interval=5s CMD ["curl", "-f", "http://localhost/"]\n',
    },
    { bad: 'FROM alpine:3\nHEALTHCHECK CMD «curl -f $URL \\\n  || exit 1»\n' },
    { good: 'FROM alpine:3\nHEALTHCHECK CMD ["curl", "-f", "http://localhost/"]\n' },
    { good: 'FROM alpine:3\nHEALTHCHECK NONE\nCMD top -b\n' },
    { good: 'FROM alpine:3\nSHELL ["/bin/bash", "-c"]\nHEALTHCHECK CMD curl -f http://localhost/\n' },
    { good: "FROM alpine:3\nHEALTHCHECK CMD ['curl']\n", note: 'Rule invalid-exec-form tells of this.' },
  ],
  deviations: [
    { code: 'DL3025', what: 'silent after SHELL', why: 'the author chose a shell' },
    { code: 'DL3025', what: 'a broken exec form is `invalid-exec-form`', why: 'it is meant as an exec form' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      const { instruction, shell } = step;
      if (instruction.keyword !== 'HEALTHCHECK' || instruction.form === 'exec' || !instruction.script) continue;
      if (shell.isSet || /^\s*\[\s*["'“‘]/.test(instruction.script.text)) continue;
      const at = { start: instruction.script.segments[0]?.offset ?? instruction.span.start, end: instruction.span.end };
      const words = execForm(step);
      const fix = words && { title: 'Write it in exec form', safe: false, edits: [replace(at, words)] };
      yield {
        at,
        message: 'the health check runs below a shell',
        help: `use the exec form: HEALTHCHECK CMD ${words ?? '["program", "argument"]'}`,
        ...(fix ? { fix } : {}),
      };
    }
  },
});
