import { defineRule, quoted } from '../src/lint/rule.ts';

export default defineRule({
  id: 'docker-socket-volume',
  category: 'security',
  mentions: ['docker.sock'],
  severity: 'warning',
  summary: 'the socket of the container engine as a volume',
  why: 'Whoever can write to the socket of the engine is root on the host. An image that declares it as a volume asks for it to be mounted; and where nobody mounts it, the engine makes an empty folder in its place.',
  examples: [
    {
      bad: 'FROM docker:28\nVOLUME «/var/run/docker.sock»\n',
      good: 'FROM docker:28\nENV DOCKER_HOST=tcp://engine:2376\n',
      fixed: false,
    },
    {
      bad: 'FROM docker:28\nVOLUME ["/data", «"/run/docker.sock"»]\nVOLUME «/run/containerd/containerd.sock» «/run/podman/podman.sock»\n',
    },
    { good: 'FROM docker:28\nVOLUME /var/lib/docker /data/docker.sock.d\n' },
    { good: 'FROM docker:28\nENV DOCKER_SOCKET=/var/run/docker.sock\nRUN ls /var/run/docker.sock\n' },
  ],
  *check({ steps }) {
    for (const { instruction } of steps) {
      if (instruction.keyword !== 'VOLUME') continue;
      for (const { text, span } of instruction.words) {
        if (!/\/(docker|containerd|podman|crio)\.sock$/.test(text)) continue;
        yield {
          at: span,
          message: `${quoted(text)} is root on the host`,
          help: 'take the volume out; who runs the container decides whether it gets the socket',
        };
      }
    }
  },
});
