import {
  type Command,
  defineRule,
  dnf,
  flagOption,
  type Invocation,
  isRpmInstall,
  keepsRpmOut,
  leftCaches,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'dnf-cache',
  aliases: ['DL3040'],
  category: 'size',
  mentions: ['dnf'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'dnf leaves its cache in the layer',
  why: 'dnf downloads the metadata of all repositories before it installs anything, often 50 to 300 MB, and keeps it under /var/cache. It is stale within days and makes the layer larger; cleaning up in a later step does not make it smaller again.',
  options: {
    everyStage: flagOption(false, 'Also in stages whose layers are in no image, such as those that only build.'),
  },
  presetOptions: { hadolint: { everyStage: true } },
  examples: [
    {
      bad: 'FROM fedora:42\nRUN «dnf install» -y curl\n',
      good: 'FROM fedora:42\nRUN dnf install -y curl && dnf clean all\n',
    },
    {
      bad: 'FROM fedora:42\nRUN sudo «/usr/bin/microdnf -q in» -y base; rm -rf /tmp/x\n',
      good: 'FROM fedora:42\nRUN sudo /usr/bin/microdnf -q in -y base && sudo microdnf clean all; rm -rf /tmp/x\n',
    },
    {
      bad: 'FROM fedora:42\nRUN dnf clean all && dnf install -y a && «dnf update» -y && make\n',
      good: 'FROM fedora:42\nRUN dnf clean all && dnf install -y a && dnf update -y && dnf clean all && make\n',
    },
    {
      bad: 'FROM fedora:42\nRUN «dnf install» -y curl\nRUN dnf clean all\n',
      good: 'FROM fedora:42\nRUN dnf install -y curl && dnf clean all\nRUN dnf clean all\n',
    },
    { bad: 'FROM fedora:42\nRUN («dnf group» install -y base) || true\n' },
    { bad: 'FROM fedora:42\nRUN «dnf install» -y a || echo no\n' },
    { bad: 'FROM fedora:42\nRUN [«"dnf", "install"», "-y", "a"]\n' },
    {
      bad: 'FROM fedora:42\nRUN <<EOF\nset -e\n«dnf install» -y curl\necho\nEOF\n',
      good: 'FROM fedora:42\nRUN <<EOF\nset -e\ndnf install -y curl && dnf clean all\necho\nEOF\n',
    },
    {
      bad: 'FROM fedora:42\nRUN «dnf install» -y curl && dnf clean expire-cache && rm -rf /var/log\n',
      good: 'FROM fedora:42\nRUN dnf install -y curl && dnf clean all && dnf clean expire-cache && rm -rf /var/log\n',
    },
    {
      bad: 'FROM fedora:42 AS build\nRUN [«"dnf", "install"», "-y", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      options: { everyStage: true },
    },
    {
      good: 'FROM fedora:42 AS build\nRUN ["dnf", "install", "-y", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      note: 'No image has this layer.',
    },
    { good: 'FROM fedora:42\nRUN dnf install -y a && dnf -y clean all && rm -rf /x\n' },
    { good: 'FROM fedora:42\nRUN dnf install -y a && yum clean metadata\n' },
    { good: 'FROM fedora:42\nRUN dnf install -y a && rm -rf /var/cache/dnf\n' },
    { good: 'FROM fedora:42\nRUN dnf install -y a && rm -rf /var/cache/*\n' },
    { good: 'FROM fedora:42\nRUN dnf install -y --installroot=/root-fs a && rm -rf /root-fs/var/cache\n' },
    { good: 'FROM fedora:42\nRUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y a\n' },
    { good: 'FROM fedora:42\nRUN --mount=type=tmpfs,target=/var/cache dnf install -y a\n' },
    { good: 'FROM fedora:42\nCMD dnf install -y a\n' },
    { good: 'FROM fedora:42\nRUN dnf remove -y a && dnf repolist && yum install b && dnf group list\n' },
  ],
  deviations: [
    {
      code: 'DL3040',
      what: 'only a cleanup of the cache counts, in the same RUN and behind the last install',
      why: 'any other `rm -rf` leaves it in the layer',
    },
    {
      code: 'DL3040',
      what: 'silent for a cache or tmpfs mount over any folder that dnf may use',
      why: 'the cache is not in the layer then',
    },
    { code: 'DL3040', what: 'looks at every subcommand that downloads packages', why: 'they leave the same cache' },
  ],
  *check(model, { everyStage }) {
    const cleanup = ({ tool }: Invocation): string => `${tool} clean all`;
    for (const { install, edit } of leftCaches(model, {
      install: dnfInstall,
      isKeptOut: keepsRpmOut,
      cleanup,
      everyStage,
    })) {
      const { tool, head } = install;
      yield {
        at: head,
        message: `the metadata that ${tool} downloads stays in the layer`,
        help: `end the same RUN with ${tool} clean all, or mount a cache: RUN --mount=type=cache,target=/var/cache/libdnf5 … (/var/cache/dnf before dnf 5)`,
        ...(edit ? { fix: { title: `Add ${tool} clean all`, edits: [edit] } } : {}),
      };
    }
  },
});

function dnfInstall(command: Command): Invocation | undefined {
  const found = dnf(command);
  return found && isRpmInstall(found) ? found : undefined;
}
