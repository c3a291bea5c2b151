import {
  type Command,
  defineRule,
  flagOption,
  type Invocation,
  isRpmInstall,
  keepsRpmOut,
  leftCaches,
  yum,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'yum-cache',
  aliases: ['DL3032'],
  category: 'size',
  mentions: ['yum'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'yum leaves its cache in the layer',
  why: 'yum downloads the metadata of all repositories before it installs anything, often 50 to 300 MB, and keeps it under /var/cache. It is stale within days and makes the layer larger; cleaning up in a later step does not make it smaller again.',
  options: {
    everyStage: flagOption(false, 'Also in stages whose layers are in no image, such as those that only build.'),
  },
  presetOptions: { hadolint: { everyStage: true } },
  examples: [
    {
      bad: 'FROM centos:7\nRUN «yum install» -y curl\n',
      good: 'FROM centos:7\nRUN yum install -y curl && yum clean all\n',
    },
    {
      bad: 'FROM centos:7\nRUN sudo «/usr/bin/yum -q groupinstall» -y base; rm -rf /tmp/x\n',
      good: 'FROM centos:7\nRUN sudo /usr/bin/yum -q groupinstall -y base && sudo yum clean all; rm -rf /tmp/x\n',
    },
    {
      bad: 'FROM centos:7\nRUN yum clean all && yum install -y a && «yum update» -y && make\n',
      good: 'FROM centos:7\nRUN yum clean all && yum install -y a && yum update -y && yum clean all && make\n',
    },
    {
      bad: 'FROM centos:7\nRUN «yum install» -y curl\nRUN yum clean all\n',
      good: 'FROM centos:7\nRUN yum install -y curl && yum clean all\nRUN yum clean all\n',
    },
    { bad: 'FROM centos:7\nRUN («yum group» install -y base) || true\n' },
    { bad: 'FROM centos:7\nRUN «yum install» -y a || echo no\n' },
    { bad: 'FROM centos:7\nRUN [«"yum", "install"», "-y", "a"]\n' },
    {
      bad: 'FROM centos:7\nRUN <<EOF\nset -e\n«yum install» -y curl\necho\nEOF\n',
      good: 'FROM centos:7\nRUN <<EOF\nset -e\nyum install -y curl && yum clean all\necho\nEOF\n',
    },
    {
      bad: 'FROM centos:7\nRUN «yum install» -y curl && yum clean expire-cache && rm -rf /var/log\n',
      good: 'FROM centos:7\nRUN yum install -y curl && yum clean all && yum clean expire-cache && rm -rf /var/log\n',
    },
    {
      bad: 'FROM centos:7 AS build\nRUN [«"yum", "install"», "-y", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      options: { everyStage: true },
    },
    {
      good: 'FROM centos:7 AS build\nRUN ["yum", "install", "-y", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      note: 'No image has this layer.',
    },
    { good: 'FROM centos:7\nRUN yum install -y a && yum -y clean all && rm -rf /x\n' },
    { good: 'FROM centos:7\nRUN yum install -y a && dnf clean metadata\n' },
    { good: 'FROM centos:7\nRUN yum install -y a && rm -rf /var/cache/yum\n' },
    { good: 'FROM centos:7\nRUN yum install -y a && rm -rf /var/cache/*\n' },
    { good: 'FROM centos:7\nRUN yum install -y --installroot=/root-fs a && rm -rf /root-fs/var/cache\n' },
    { good: 'FROM centos:7\nRUN --mount=type=cache,target=/var/cache/yum yum install -y a\n' },
    { good: 'FROM centos:7\nRUN --mount=type=tmpfs,target=/var/cache yum install -y a\n' },
    { good: 'FROM centos:7\nCMD yum install -y a\n' },
    { good: 'FROM centos:7\nRUN yum remove -y a && yum repolist && dnf install b && yum group list\n' },
  ],
  deviations: [
    {
      code: 'DL3032',
      what: 'only a cleanup of the cache counts, in the same RUN and behind the last install',
      why: 'any other `rm -rf` leaves it in the layer',
    },
    {
      code: 'DL3032',
      what: 'silent for a cache or tmpfs mount over any folder that yum may use',
      why: 'the cache is not in the layer then',
    },
    { code: 'DL3032', what: 'looks at every subcommand that downloads packages', why: 'they leave the same cache' },
  ],
  *check(model, { everyStage }) {
    const cleanup = (): string => 'yum clean all';
    for (const { install, edit } of leftCaches(model, {
      install: yumInstall,
      isKeptOut: keepsRpmOut,
      cleanup,
      everyStage,
    })) {
      yield {
        at: install.head,
        message: 'the metadata that yum downloads stays in the layer',
        help: 'end the same RUN with yum clean all, or mount a cache: RUN --mount=type=cache,target=/var/cache/yum …',
        ...(edit ? { fix: { title: 'Add yum clean all', edits: [edit] } } : {}),
      };
    }
  },
});

function yumInstall(command: Command): Invocation | undefined {
  const found = yum(command);
  return found && isRpmInstall(found) ? found : undefined;
}
