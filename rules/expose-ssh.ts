import { defineRule, expandWord, stringsOption } from '../src/lint/rule.ts';

export default defineRule({
  id: 'expose-ssh',
  category: 'security',
  mentions: ['expose'],
  severity: 'warning',
  summary: 'a port for remote administration is exposed',
  why: 'A container is entered with `docker exec`, and a Docker daemon is reached over its socket. A server for logins inside the image has passwords and keys of its own, is updated by nobody, and is one more way in. Telnet, FTP and the Docker API on 2375 have no encryption at all.',
  options: {
    ports: stringsOption(['21', '22', '23', '2375', '3389'], 'The ports that must not be exposed.'),
  },
  examples: [
    { bad: 'FROM debian:13\nEXPOSE 80 «22»\n', good: 'FROM debian:13\nEXPOSE 80\n', fixed: false },
    { bad: 'FROM debian:13\nEXPOSE «2375/tcp» «21-23»\n' },
    { bad: 'FROM debian:13\nARG SSH_PORT=22\nEXPOSE «$SSH_PORT»\nONBUILD EXPOSE «"3389"»\n' },
    { bad: 'FROM debian:13\nEXPOSE 22 «5900»\n', options: { ports: ['5900'] } },
    { good: 'FROM debian:13\nEXPOSE 2222 220 8022/tcp 1-20 24-2374 $PORT\n' },
    { good: 'FROM debian:13\nENV PORT=22\n' },
    { good: 'FROM debian:13 AS test\nEXPOSE 22\nFROM debian:13\n', note: 'A stage that is thrown away.' },
  ],
  *check({ steps }, { ports }) {
    const wanted = ports.map(Number);
    for (const { instruction, env, stage } of steps) {
      if (instruction.keyword !== 'EXPOSE' || !stage.isShipped) continue;
      for (const word of instruction.words) {
        const { text } = expandWord(word.raw, { get: (name) => env.get(name)?.value });
        const range = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/\w+)?$/.exec(text);
        if (!range) continue;
        const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
        const port = wanted.find((each) => first <= each && each <= last);
        if (port === undefined) continue;
        yield {
          at: word.span,
          message: `port ${port} is exposed${services.has(port) ? `: ${services.get(port)}` : ''}`,
          help: 'enter a container with docker exec, and take the server out of the image',
        };
      }
    }
  },
});

const services: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'],
  [22, 'SSH'],
  [23, 'Telnet'],
  [2375, 'the Docker API without TLS'],
  [3389, 'Remote Desktop'],
]);
