import {
  type Command,
  cleansUp,
  defineRule,
  flag,
  flagOption,
  insertAfter,
  isMounted,
  isRemovedAfter,
  pip,
  pipInstall,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'pip-cache',
  aliases: ['DL3042'],
  category: 'size',
  mentions: ['pip'],
  severity: 'warning',
  presets: { hadolint: 'warning' },
  summary: 'pip leaves its download cache in the layer',
  why: 'pip keeps every wheel it downloads under ~/.cache/pip. Nothing in the finished image reads that cache again; it only makes the layer larger.',
  options: {
    everyStage: flagOption(false, 'Also in stages whose layers are in no image, such as those that only build.'),
  },
  presetOptions: { hadolint: { everyStage: true } },
  examples: [
    {
      bad: 'FROM python:3.13\nRUN apt-get update && «python3 -m pip install» -r r.txt\n',
      good: 'FROM python:3.13\nRUN apt-get update && python3 -m pip install --no-cache-dir -r r.txt\n',
    },
    {
      bad: "FROM python:3.13\nRUN sudo -H «/usr/bin/pip3 install» a && \\\n    bash -c '«pip install» b'\n",
      good: "FROM python:3.13\nRUN sudo -H /usr/bin/pip3 install --no-cache-dir a && \\\n    bash -c 'pip install --no-cache-dir b'\n",
    },
    {
      bad: 'FROM python:3.13\nRUN [«"pip", "install"», "flask"]\n',
      note: 'An exec form is reported, but has no fix: its words are JSON strings.',
    },
    {
      bad: 'FROM python:3.13\nRUN <<EOF\nset -e\n«pip install» flask\nEOF\n',
      good: 'FROM python:3.13\nRUN <<EOF\nset -e\npip install --no-cache-dir flask\nEOF\n',
    },
    {
      bad: 'FROM python:3.13\nENV PIP_NO_CACHE_DIR=0\nRUN PIP_NO_CACHE_DIR=off «pip install» flask\n',
      good: 'FROM python:3.13\nENV PIP_NO_CACHE_DIR=0\nRUN PIP_NO_CACHE_DIR=off pip install --no-cache-dir flask\n',
    },
    {
      bad: 'FROM python:3.13 AS build\nRUN [«"pip", "install"», "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      options: { everyStage: true },
    },
    {
      good: 'FROM python:3.13 AS build\nRUN ["pip", "install", "a"]\nFROM scratch\nCOPY --from=build /a /a\n',
      note: 'No image has this layer.',
    },
    { good: 'FROM python:3.13 AS base\nENV PIP_NO_CACHE_DIR=1\nFROM base\nRUN pip install flask\n' },
    { good: 'FROM python:3.13\nRUN PIP_NO_CACHE_DIR=true pip install flask\n' },
    { good: 'FROM python:3.13\nRUN export PIP_NO_CACHE_DIR=1 && pip install flask\n' },
    {
      bad: 'FROM python:3.13\nRUN export PIP_NO_CACHE_DIR=1\nRUN «pip install» flask\n',
      good: 'FROM python:3.13\nRUN export PIP_NO_CACHE_DIR=1\nRUN pip install --no-cache-dir flask\n',
    },
    { good: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n' },
    {
      good: 'FROM python:3.13\nENV PIP_CACHE_DIR=/pip\nRUN --mount=type=cache,target=/pip pip install flask\n',
    },
    { good: 'FROM python:3.13\nRUN pip install flask && rm -rf ~/.cache\n' },
    { good: 'FROM python:3.13\nRUN pip install flask && pip cache purge\n' },
    { good: 'FROM python:3.13\nRUN pip download flask && pipx install flask && echo pip install\n' },
    {
      bad: 'FROM python:3.13-windowsservercore\nRUN «pip install» -r r.txt\nSHELL ["powershell", "-Command"]\nRUN ls; «pip install» -r r.txt\n',
      good: 'FROM python:3.13-windowsservercore\nRUN pip install --no-cache-dir -r r.txt\nSHELL ["powershell", "-Command"]\nRUN ls; pip install --no-cache-dir -r r.txt\n',
    },
  ],
  deviations: [
    {
      code: 'DL3042',
      what: 'silent when the same RUN removes the cache, and for a cache mount on PIP_CACHE_DIR',
      why: 'the cache is not in the layer then',
    },
  ],
  *check({ allCommands }, { everyStage }) {
    let exported: { step: Step; value: string } | undefined;
    for (const { command, step } of allCommands) {
      const value = command.name === 'export' ? exportedValue(command) : undefined;
      if (value !== undefined) exported = { step, value };
      const install = everyStage || step.stage.isShipped ? pipInstall(command) : undefined;
      if (!install || flag(command, '--no-cache-dir')) continue;
      if (isSwitchedOff(command, step, exported?.step === step ? exported.value : undefined)) continue;
      if (isKeptOut(command, step)) continue;
      const fix = { title: 'Add --no-cache-dir', edits: [insertAfter(install.head, ' --no-cache-dir')] };
      yield {
        at: install.head,
        message: 'pip leaves its download cache in this layer',
        help:
          step.stage.os === 'windows'
            ? 'add --no-cache-dir'
            : 'add --no-cache-dir, or mount a cache: RUN --mount=type=cache,target=/root/.cache/pip …',
        ...(command.exec ? {} : { fix }),
      };
    }
  },
});

function isSwitchedOff(command: Command, step: Step, exported: string | undefined): boolean {
  const own = command.assignments.findLast(({ name }) => name === 'PIP_NO_CACHE_DIR');
  const value = own?.value?.text ?? exported ?? step.env.get('PIP_NO_CACHE_DIR')?.value;
  return value !== undefined && /^(1|y|yes|t|true|on)$/i.test(value);
}

function exportedValue({ words }: Command): string | undefined {
  const word = words.find(({ text }) => text.startsWith('PIP_NO_CACHE_DIR='));
  return word?.text.slice('PIP_NO_CACHE_DIR='.length);
}

function isKeptOut(command: Command, step: Step): boolean {
  const folder = step.env.get('PIP_CACHE_DIR')?.value ?? '~/.cache/pip';
  if (isMounted(step, folder) || isRemovedAfter(step, command, folder)) return true;
  return cleansUp(step, command, (later) => {
    const found = pip(later);
    return found?.subcommand === 'cache' && found.operands[0]?.text === 'purge';
  });
}
