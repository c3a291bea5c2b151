import { defineRule, quoted, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'test-redirect',
  category: 'correctness',
  severity: 'warning',
  summary: '> or < in [ … ], which is a redirection',
  why: 'Inside single brackets the shell takes `> 2` as "write to a file called 2". The comparison never happens, the test is true whenever its left side is not empty, and a stray file is left in the image.',
  examples: [
    {
      bad: 'FROM debian:13\nRUN if [ $(nproc) «>» 2 ]; then make -j2; fi\n',
      good: 'FROM debian:13\nRUN if [ $(nproc) -gt 2 ]; then make -j2; fi\n',
    },
    { bad: 'FROM debian:13\nRUN [ "$A" «<» 10 ] && a\n', good: 'FROM debian:13\nRUN [ "$A" -lt 10 ] && a\n' },
    { bad: 'FROM debian:13\nRUN test "$A" «>» abc\n' },
    {
      good: 'FROM debian:13\nRUN [ -f a ] > b || [ c 2> d ] || [ e >> f ] || [ -f a > /b/c ] || [ "$A" "\\>" b ] || [[ $A > b ]]\n',
    },
    { good: 'FROM debian:13\nRUN [ -f a 2>/dev/null ] || echo "[ a > b ]"\n' },
  ],
  *check({ commands }) {
    for (const { command } of commands) {
      const end =
        command.name === '[' ? command.words.at(-1)?.span.start : command.name === 'test' ? command.span.end : 0;
      for (const { operator, fd, target, span } of command.redirects) {
        if (!target || fd !== undefined || span.start >= (end ?? 0) || !/^[<>]$/.test(operator)) continue;
        if (target.text.includes('/')) continue;
        const at = { start: span.start, end: span.start + 1 };
        const comparison = operator === '>' ? '-gt' : '-lt';
        const isNumber = /^\d+$/.test(target.text);
        yield {
          at,
          message:
            operator === '>'
              ? `nothing is compared: this writes a file called ${quoted(target.text)}`
              : `nothing is compared: this reads a file called ${quoted(target.text)}`,
          help: `numbers are compared with ${comparison}; texts with \\${operator}, or in [[ … ]] of Bash`,
          ...(isNumber ? { fix: { title: `Write ${comparison}`, safe: false, edits: [replace(at, comparison)] } } : {}),
        };
      }
    }
  },
});
