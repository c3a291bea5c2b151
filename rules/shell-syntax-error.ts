import { defineRule, type Script, type Span, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'shell-syntax-error',
  category: 'correctness',
  severity: 'error',
  presets: { hadolint: 'error' },
  summary: 'a script that the shell cannot read',
  why: 'The shell reads a whole command before it runs any of it, and stops at the first thing that it does not understand. The step fails; a CMD fails when the container starts.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN apt-get update «&&» && apt-get install -y curl\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN if [ -f a ]; then \\\n      make«;»\n',
      good: 'FROM debian:13\nRUN if [ -f a ]; then \\\n      make; fi\n',
    },
    { bad: 'FROM debian:13\nRUN make «&&»\nRUN echo «"$»(date"\nRUN for f in a b; «ls» $f; done\nRUN make «&&» fi\n' },
    { bad: 'FROM debian:13\nRUN <<EOF\nset -e\nif make; then\n  make install\n«else»\n\nEOF\n' },
    { bad: 'FROM debian:13\nCMD (make; «echo»\nHEALTHCHECK CMD curl «||» |\nRUN sh -c "make«;;»"\n' },
    {
      bad: 'FROM $BASE\nRUN if true; then «make»\n',
      good: 'FROM $BASE\nRUN if not exist C:\\a mkdir C:\\a\nRUN (echo %PATH%\n',
      note: 'Nobody knows whether this is Windows.',
    },
    {
      good: 'FROM debian:13\nRUN case "$X" in a) ls;; (b) ;; esac; f() { ls; }; f || { echo "a)"; } && [ -f a ] && echo } #)\n',
    },
    {
      good: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN [[ a =~ (b) ]] || cat <(ls) <<< a; a=(b c); for ((i=0; i<3; i++)); do ls; done\n',
    },
    {
      good: 'FROM debian:13\nSHELL ["python3", "-c"]\nRUN print("if"\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN (echo a\n',
    },
  ],
  *check({ steps, dockerfile }) {
    for (const step of steps) {
      const { script } = step;
      const [problem] = script?.problems ?? [];
      if (!script || !problem || mayBeWindows(step, script)) continue;
      yield {
        at: token(problem.span, dockerfile.source.text),
        message: `the shell stops here: ${problem.message}`,
        help: 'mend what is open or left over; `sh -n` reads a script without running it',
      };
    }
  },
});

/** The word or operator that stands there; what is missing at the end is shown at the last thing that is there. */
function token(place: Span, text: string): Span {
  const isThere = /\S/.test(text.slice(place.start, place.end));
  const at = isThere ? place.start : text.slice(0, place.start).trimEnd().length - 1;
  const kind = operator.test(text[at] ?? '') ? operator : word;
  let [start, end] = [at, at + 1];
  while (start > at - longest && kind.test(text[start - 1] ?? '')) start--;
  while (end < at + longest && kind.test(text[end] ?? '')) end++;
  return { start, end };
}

const longest = 100;
const operator = /[&|;()<>]/;
const word = /[^&|;()<>\s]/;

/** A base image that only the build knows may have cmd for a shell. */
function mayBeWindows({ stage }: Step, { text }: Script): boolean {
  if (stage.root.kind !== 'unknown') return false;
  return /%\w+%|\bif\s+(?:not\s+)?(?:exist|errorlevel|defined)\b|\b[A-Z]:\\/i.test(text?.text ?? '');
}
