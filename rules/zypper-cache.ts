import {
  type Command,
  cleansUp,
  defineRule,
  flagOption,
  type Invocation,
  isMounted,
  isRemovedAfter,
  leftCaches,
  type Step,
  zypper,
} from '../src/lint/rule.ts';

const cache = '/var/cache/zypp';

export default defineRule({
  id: 'zypper-cache',
  aliases: ['DL3036'],
  category: 'size',
  mentions: ['zypper'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'zypper leaves its cache in the layer',
  why: 'zypper downloads the metadata of all repositories before it installs anything, and keeps it under /var/cache/zypp. It is stale within days and makes the layer larger; cleaning up in a later step does not make it smaller again.',
  options: {
    everyStage: flagOption(false, 'Also in stages whose layers are in no image, such as those that only build.'),
  },
  presetOptions: { hadolint: { everyStage: true } },
  examples: [
    {
      bad: 'FROM opensuse/leap:15.6\nRUN «zypper install» -y curl\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl && zypper clean --all\n',
    },
    {
      bad: 'FROM opensuse/leap:15.6\nRUN zypper clean; zypper in -y a; sudo «/usr/bin/zypper -n up»; rm -rf /tmp/x\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper clean; zypper in -y a; sudo /usr/bin/zypper -n up && sudo zypper clean --all; rm -rf /tmp/x\n',
    },
    { bad: 'FROM opensuse/leap:15.6\nRUN («zypper -n dup»)\n' },
    { bad: 'FROM opensuse/leap:15.6\nRUN [«"zypper", "in"», "-y", "a"]\n' },
    {
      bad: 'FROM opensuse/leap:15.6 AS build\nRUN [«"zypper", "in"», "-y", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      options: { everyStage: true },
    },
    {
      good: 'FROM opensuse/leap:15.6 AS build\nRUN ["zypper", "in", "-y", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      note: 'No image has this layer.',
    },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n in a && zypper clean\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n in a && zypper -n cc -a\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n in a && rm -rf /var/cache/zypp/*\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN --mount=type=cache,target=/var/cache/zypp zypper -n in a\n' },
    { good: 'FROM opensuse/leap:15.6\nCMD zypper -n in a\n' },
    { good: 'FROM opensuse/leap:15.6\nRUN zypper -n rm a && zypper search b\n' },
  ],
  deviations: [
    { code: 'DL3036', what: 'looks at update, patch and dist-upgrade, too', why: 'they leave the same cache' },
    {
      code: 'DL3036',
      what: 'silent when the same RUN removes /var/cache/zypp',
      why: 'the cache is not in the layer then',
    },
  ],
  *check(model, { everyStage }) {
    const cleanup = (): string => 'zypper clean --all';
    for (const { install, edit } of leftCaches(model, { install: zypperInstall, isKeptOut, cleanup, everyStage })) {
      yield {
        at: install.head,
        message: 'the metadata that zypper downloads stays in the layer',
        help: 'end the same RUN with zypper clean --all, or mount a cache: RUN --mount=type=cache,target=/var/cache/zypp …',
        ...(edit ? { fix: { title: 'Add zypper clean --all', edits: [edit] } } : {}),
      };
    }
  },
});

function zypperInstall(command: Command): Invocation | undefined {
  const found = zypper(command);
  return /^(install|source-install|patch|update|dist-upgrade)$/.test(found?.subcommand ?? '') ? found : undefined;
}

function isKeptOut({ command }: Invocation, step: Step): boolean {
  if (isMounted(step, cache) || isRemovedAfter(step, command, cache)) return true;
  return cleansUp(step, command, (later) => zypper(later)?.subcommand === 'clean');
}
