import {
  addWord,
  aptSetting,
  defineRule,
  flagOption,
  type Invocation,
  option,
  plainAptCalls,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'apt-recommends',
  aliases: ['DL3015'],
  category: 'size',
  mentions: ['apt'],
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'apt installs recommended packages besides those that are named',
  why: 'Debian and Ubuntu install by default what a package recommends, not only what it needs. That may be many times the size of the package itself, and every program in an image is one that has to be kept free of holes. What is needed of it is better named.',
  options: {
    everyStage: flagOption(false, 'Also in stages whose layers are in no image, such as those that only build.'),
  },
  presetOptions: { hadolint: { everyStage: true } },
  examples: [
    {
      bad: 'FROM debian:13\nRUN apt-get update && «apt-get install» -y curl\n',
      good: 'FROM debian:13\nRUN apt-get update && apt-get install --no-install-recommends -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN sudo «/usr/bin/apt -y install» curl\n',
      good: 'FROM debian:13\nRUN sudo /usr/bin/apt -y install --no-install-recommends curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN [«"apt-get", "install"», "curl"]\n',
      good: 'FROM debian:13\nRUN ["apt-get", "install", "--no-install-recommends", "curl"]\n',
    },
    {
      bad: 'FROM debian:13\nRUN «aptitude install» -y curl\n',
      good: 'FROM debian:13\nRUN aptitude install --without-recommends -y curl\n',
    },
    {
      bad: 'FROM debian:13\nENV FLAGS=-y\nRUN «apt-get install» $FLAGS curl\n',
      good: 'FROM debian:13\nENV FLAGS=-y\nRUN apt-get install --no-install-recommends $FLAGS curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN «apt-get -o APT::Install-Suggests=0 install» -y curl\n',
      good: 'FROM debian:13\nRUN apt-get -o APT::Install-Suggests=0 install --no-install-recommends -y curl\n',
    },
    {
      bad: 'FROM debian:13\nRUN echo \'APT::Install-Recommends "true";\' > /etc/apt/apt.conf && «apt-get install» -y curl\n',
      good: 'FROM debian:13\nRUN echo \'APT::Install-Recommends "true";\' > /etc/apt/apt.conf && apt-get install --no-install-recommends -y curl\n',
    },
    {
      bad: 'FROM debian:13\nARG TARGETARCH\nRUN «apt-get install» -y linux-image-${TARGETARCH}\n',
      good: 'FROM debian:13\nARG TARGETARCH\nRUN apt-get install --no-install-recommends -y linux-image-${TARGETARCH}\n',
    },
    {
      bad: 'FROM debian:13 AS build\nRUN «apt-get install» -y gcc\nFROM scratch\nCOPY --from=build /a /a\n',
      good: 'FROM debian:13 AS build\nRUN apt-get install --no-install-recommends -y gcc\nFROM scratch\nCOPY --from=build /a /a\n',
      options: { everyStage: true },
    },
    {
      good: 'FROM debian:13 AS build\nRUN apt-get install -y gcc\nFROM scratch\nCOPY --from=build /a /a\n',
      note: 'No image has this layer.',
    },
    { good: 'FROM debian:13\nRUN apt-get --no-install-recommends install curl\n' },
    {
      good: 'FROM debian:13\nRUN apt-get install -o APT::Install-Recommends=0 a && apt -o apt::install-recommends=false install b\n',
    },
    {
      good: 'FROM debian:13\nRUN apt-get install --install-recommends a && aptitude -R install b\n',
      note: 'The first is meant.',
    },
    { good: 'FROM debian:13\nARG APT_OPTS\nRUN apt-get install $APT_OPTS curl\n' },
    { good: 'FROM debian:13\nENV FLAGS="-y --no-install-recommends"\nRUN apt-get install $FLAGS curl\n' },
    {
      good: 'FROM debian:13\nRUN echo \'APT::Install-Recommends "false";\' > /etc/apt/apt.conf.d/no && apt install -y -V curl\n',
    },
    {
      good: 'FROM debian:13\nRUN echo "Apt::Install-Recommends 0;" | tee /etc/apt/apt.conf\nRUN apt install -y curl\n',
    },
    {
      good: 'FROM debian:13\nCOPY 99-lean /etc/apt/apt.conf.d/\nRUN apt-get install -y curl\n',
      note: 'The file may say so.',
    },
    { good: 'FROM debian:13\nRUN apt-get upgrade -y && echo apt-get install curl\n' },
  ],
  deviations: [
    { code: 'DL3015', what: 'looks at apt and aptitude, too', why: 'they install the same packages' },
    {
      code: 'DL3015',
      what: 'silent when an apt.conf of the image, a variable or `-o` switches recommended packages off, and for --install-recommends',
      why: 'the first installs none, the second is meant',
    },
  ],
  *check(model, { everyStage }) {
    const isOff = /\bInstall-Recommends\W{1,5}(false|0|no|off)\b/i;
    for (const { found, step } of plainAptCalls(model, isOff)) {
      if (found.subcommand !== 'install' || isDecided(found) || !(everyStage || step.stage.isShipped)) continue;
      const without = found.tool === 'aptitude' ? '--without-recommends' : '--no-install-recommends';
      yield {
        at: found.head,
        message: 'this installs recommended packages, too',
        help: `add ${without}, and name what is needed of them`,
        // A program may need a package that it only recommends.
        fix: { title: `Add ${without}`, safe: false, edits: [addWord(found, without)] },
      };
    }
  },
});

function isDecided(found: Invocation): boolean {
  const own = ['--no-install-recommends', '--install-recommends', '-R', '--without-recommends', '--with-recommends'];
  return option(found, ...own) !== undefined || aptSetting(found, 'APT::Install-Recommends') !== undefined;
}
