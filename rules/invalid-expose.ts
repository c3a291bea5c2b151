import { defineRule, exposedPorts } from '../src/lint/rule.ts';

export default defineRule({
  id: 'invalid-expose',
  category: 'correctness',
  mentions: ['expose'],
  severity: 'error',
  presets: { hadolint: 'error', buildkit: 'error' },
  summary: 'EXPOSE with something that is no port',
  why: 'EXPOSE takes numbers, ranges of numbers, and the protocols tcp, udp and sctp. Builders refuse anything else, and the build stops.',
  examples: [
    { bad: 'FROM alpine:3\nEXPOSE «http»\n', good: 'FROM alpine:3\nEXPOSE 80\n' },
    {
      bad: 'FROM alpine:3\nEXPOSE «80,443» 80/«http» «90-80» «80-»/tcp 443/«»\n',
      good: 'FROM alpine:3\nEXPOSE 80 443\n',
      exact: true,
    },
    { bad: 'FROM alpine:3\nENV P=x\nEXPOSE «"$P"» «-1»\n' },
    { good: 'FROM alpine:3\nARG P\nEXPOSE 80 443/TCP 1-10/udp 5/sctp $P 100000 $Q/x\n' },
    { good: 'FROM alpine:3\nEXPOSE 80 # web\n', note: 'This is `trailing-comment`.' },
    { good: 'FROM alpine:3\nEXPOSE 127.0.0.1:80:80 8080:80\n', note: 'This is `expose-format`.' },
  ],
  *check({ steps }) {
    for (const step of steps) {
      for (const { from, to = 0, port, portSpan, protocol, protocolSpan, word } of exposedPorts(step)) {
        if (word.raw.startsWith('#')) break;
        const help = 'write number/protocol, as in 53/udp';
        if (from === undefined) yield { at: portSpan, message: `${port || 'this'} is no port`, help };
        else if (to < from)
          yield { at: portSpan, message: `the range ${port} ends before it begins`, help: `write ${to}-${from}` };
        if (protocolSpan && !/^(?:tcp|udp|sctp)$/i.test(protocol)) {
          yield {
            at: protocolSpan,
            message: `there is no protocol ${protocol || 'without a name'}`,
            help: 'there are tcp, udp and sctp',
          };
        }
      }
    }
  },
});
