import { defineRule, exposedPorts, remove } from '../src/lint/rule.ts';

export default defineRule({
  id: 'expose-format',
  aliases: ['ExposeInvalidFormat'],
  category: 'correctness',
  mentions: ['expose'],
  severity: 'warning',
  presets: { hadolint: 'warning', buildkit: 'warning' },
  summary: 'EXPOSE with an address or a port of the host',
  why: 'EXPOSE says which ports the container listens on. The address and the port of the host are chosen by `docker run -p`; in EXPOSE they are dropped without a word, and BuildKit will refuse them in a later version.',
  examples: [
    { bad: 'FROM alpine:3\nEXPOSE «8080:»80\n', good: 'FROM alpine:3\nEXPOSE 80\n' },
    {
      bad: 'FROM alpine:3\nEXPOSE 443 «127.0.0.1:80:»80/tcp «[::1]::»90\n',
      good: 'FROM alpine:3\nEXPOSE 443 80/tcp 90\n',
    },
    { bad: 'FROM alpine:3\nENV P=1:2\nEXPOSE «$P»\n' },
    { good: 'FROM alpine:3\nEXPOSE 80 443/tcp 8000-8010\n' },
    { good: 'FROM alpine:3\nARG P\nEXPOSE $P\n' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      for (const { host, hostSpan, word } of exposedPorts(step)) {
        if (host === undefined || !hostSpan) continue;
        const isWhole = hostSpan.end === word.span.end;
        yield {
          at: hostSpan,
          message: `EXPOSE takes the port of the container alone; ${host.slice(0, -1)} is dropped`,
          help: 'leave it to `docker run -p`',
          ...(isWhole ? {} : { fix: { title: 'Keep the port of the container', edits: [remove(hostSpan)] } }),
        };
      }
    }
  },
});
