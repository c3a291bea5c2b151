import { type Command, defineRule, isStatic, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'lost-cd',
  aliases: ['DL3003'],
  category: 'correctness',
  mentions: ['cd'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'a cd at the end of a RUN, which is lost',
  why: 'Every step starts a shell of its own, in WORKDIR. A `cd` with nothing behind it changes the folder of a shell that ends at once, and the next step runs elsewhere than the author thinks.',
  examples: [
    { bad: 'FROM alpine:3\nRUN «cd» /app\nRUN make\n', good: 'FROM alpine:3\nWORKDIR /app\nRUN make\n' },
    {
      bad: 'FROM alpine:3\nRUN mkdir /app && «cd» /app\nRUN «cd» $APP\nRUN «cd» "/a b"\nRUN «cd» -P /a\nRUN «cd»\nRUN if true; then «cd» /a; fi\nRUN case x in x) «cd» /a;; esac\n',
    },
    { bad: 'FROM alpine:3\nRUN --network=none «cd» /app\nRUN <<EOF\n«cd» /app\nEOF\n' },
    {
      bad: 'FROM alpine:3\nWORKDIR /src\nRUN «cd» app\nRUN make\n',
      good: 'FROM alpine:3\nWORKDIR /src\nWORKDIR app\nRUN make\n',
    },
    { good: 'FROM alpine:3\nRUN cd /app && make\n' },
    { good: 'FROM alpine:3\nRUN cd /app || exit 1; test -d $(cd /b)\n' },
    { good: 'FROM alpine:3\nRUN mkdir /b && (cd /b)\n', note: 'A test whether the folder is there.' },
    { good: 'FROM alpine:3\nRUN cd /app && cd /b && git clone x && cd ..\n', note: 'Back where it was.' },
    { good: 'FROM alpine:3\nRUN git -C /app gc; cd -\nCMD cd /app\nRUN ["cd", "/app"]\n' },
    { good: 'FROM alpine:3\nRUN ls | cd /app\n', note: 'Nobody means anything by that.' },
  ],
  *check({ steps }) {
    for (const { instruction, commands } of steps) {
      const last = commands.at(-1);
      const [word, path] = last?.words ?? [];
      if (instruction.keyword !== 'RUN' || last?.name !== 'cd' || !word || !isOwn(last)) continue;
      // Going back, for whatever is appended to this line one day.
      if (commands.filter(({ name }) => name === 'cd').length > 1 || path?.text === '-') continue;
      const isAlone =
        commands.length === 1 &&
        last.nesting.length === 0 &&
        last.words.length === 2 &&
        instruction.heredocs.length === 0;
      const canMove = isAlone && path && isStatic(path) && path.raw === path.text && instruction.flags.length === 0;
      const edits = canMove ? [replace(instruction, `WORKDIR ${path.text}`)] : [];
      yield {
        at: word.span,
        message: 'this cd ends with its RUN: the next step starts in WORKDIR again',
        help: `use WORKDIR ${path?.text ?? ''}`.trimEnd(),
        ...(canMove ? { fix: { title: 'Write WORKDIR', safe: false, edits } } : {}),
      };
    }
  },
});

/** It changes the folder of the script's own shell. */
function isOwn({ nesting, exec, pipeline }: Command): boolean {
  return !exec && pipeline.length === 1 && nesting.every((each) => each === 'group' || each === 'branch');
}
