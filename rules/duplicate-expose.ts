import { defineRule, exposedPorts, remove, removeLines } from '../src/lint/rule.ts';

export default defineRule({
  id: 'duplicate-expose',
  category: 'style',
  mentions: ['expose'],
  severity: 'style',
  summary: 'EXPOSE names a port a second time',
  why: 'The second one changes nothing. Mostly another port was meant, or another protocol, or one of the two is a leftover.',
  examples: [
    { bad: 'FROM alpine:3\nEXPOSE 80\nUSER a\nEXPOSE «80/tcp»\n', good: 'FROM alpine:3\nEXPOSE 80\nUSER a\n' },
    { bad: 'FROM alpine:3\nEXPOSE 80 «80» 443 «80/TCP»\n', good: 'FROM alpine:3\nEXPOSE 80 443\n' },
    { bad: 'FROM alpine:3\nENV P=80\nEXPOSE 80 \\\n  «$P»\n', good: 'FROM alpine:3\nENV P=80\nEXPOSE 80\n' },
    { good: 'FROM alpine:3\nEXPOSE 53 53/udp 8000-8010 8000\n' },
    { good: 'FROM alpine:3 AS a\nEXPOSE 80\nFROM alpine:3\nEXPOSE 80\nONBUILD EXPOSE 80\n' },
    { good: 'FROM alpine:3\nARG P\nEXPOSE $P $P\n' },

    { bad: 'FROM alpine:3\nEXPOSE 80 \\\n# why\n  «80»\n', note: 'For a person: the comment would be lost.' },
    { good: 'FROM alpine:3\nEXPOSE 80\nEXPOSE 8080:80\n', note: 'This is `expose-format`.' },
    { bad: 'FROM debian:13\nEXPOSE 80 81 «80»\n', good: 'FROM debian:13\nEXPOSE 80 81\n' },
    { good: 'FROM debian:13\nONBUILD EXPOSE 80\nEXPOSE 80\n' },
  ],
  *check({ stages, dockerfile }) {
    for (const { steps } of stages) {
      const seen = new Set<string>();
      for (const step of steps) {
        if (step.deferred || step.instruction.keyword !== 'EXPOSE') continue;
        const { words } = step.instruction;
        for (const { port, protocol, host, word } of exposedPorts(step)) {
          const name = `${port}/${protocol.toLowerCase()}`;
          const isNew = host !== undefined || !seen.has(name);
          seen.add(name);
          if (isNew) continue;
          const before = words[words.indexOf(word) - 1];
          const span = { start: before?.span.end ?? word.span.start, end: word.span.end };
          const isAlone = words.length === 1;
          const isSafe = isAlone || (before && step.instruction.comments.length === 0);
          const edit = isAlone ? removeLines(dockerfile.source.text, step.instruction) : remove(span);
          yield {
            at: word.span,
            message: `port ${name} is exposed already`,
            help: 'remove it',
            ...(isSafe ? { fix: { title: 'Remove it', edits: [edit] } } : {}),
          };
        }
      }
    }
  },
});
