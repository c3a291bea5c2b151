import { defineRule, exposedPorts, replace } from '../src/lint/rule.ts';

export default defineRule({
  id: 'expose-case',
  aliases: ['ExposeProtoCasing'],
  category: 'style',
  mentions: ['expose'],
  severity: 'style',
  presets: { buildkit: 'warning' },
  summary: 'EXPOSE with a protocol in upper case',
  why: 'Protocols are written in lower case in the image. Docker changes them on its own; other tools that read the file compare letters.',
  examples: [
    { bad: 'FROM alpine:3\nEXPOSE 80/«TCP»\n', good: 'FROM alpine:3\nEXPOSE 80/tcp\n' },
    { bad: 'FROM alpine:3\nEXPOSE 10051/«Tcp» 162/«UDP»\n', good: 'FROM alpine:3\nEXPOSE 10051/tcp 162/udp\n' },
    { bad: 'FROM alpine:3\nENV P=TCP\nEXPOSE «80/$P»\n' },
    { good: 'FROM alpine:3\nEXPOSE 80 443/tcp 53/udp\n' },
    { good: 'FROM alpine:3\nARG P=80/tcp\nEXPOSE $P\n' },
    { bad: 'FROM alpine:3\nENV PR=80/TCP\nEXPOSE «$PR»\n' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      for (const { protocol, protocolSpan, word } of exposedPorts(step)) {
        const lower = protocol.toLowerCase();
        if (!protocolSpan || lower === protocol) continue;
        const isWritten = protocolSpan.end - protocolSpan.start === protocol.length && word.raw.includes(protocol);
        yield {
          at: protocolSpan,
          message: `${protocol} should be lower case`,
          help: `write ${lower}`,
          ...(isWritten ? { fix: { title: `Write ${lower}`, edits: [replace(protocolSpan, lower)] } } : {}),
        };
      }
    }
  },
});
