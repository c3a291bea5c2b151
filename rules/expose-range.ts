import { defineRule, exposedPorts } from '../src/lint/rule.ts';

export default defineRule({
  id: 'expose-range',
  aliases: ['DL3011'],
  category: 'correctness',
  mentions: ['expose'],
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'error' },
  summary: 'EXPOSE names a port above 65535',
  why: 'Port numbers have 16 bits. Builders refuse the line, and the build stops.',
  examples: [
    { bad: 'FROM alpine:3\nEXPOSE «80000»\n', good: 'FROM alpine:3\nEXPOSE 8000\n' },
    { bad: 'FROM alpine:3\nENV P=65536\nEXPOSE 80 «$P» «65530-65540»/udp 65535\n' },
    { good: 'FROM alpine:3\nARG P\nEXPOSE 65535 0 1-65535/tcp $P\n' },
    { good: 'FROM alpine:3\nEXPOSE http\n', note: 'This is `invalid-expose`.' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      for (const { from = 0, to = 0, port, portSpan } of exposedPorts(step)) {
        if (from <= 65535 && to <= 65535) continue;
        yield { at: portSpan, message: `there is no port ${port}`, help: 'ports go up to 65535' };
      }
    }
  },
});
