import {
  type Command,
  type CopyFacts,
  type CopySource,
  defineRule,
  fillInAll,
  type Stage,
  type Step,
} from '../src/lint/rule.ts';

const archive = /\.(tar|zip|7z|jar|war|t?gz|taz|t?bz2?|tb2|tz2|t?xz|t?lz|t?lzma|tZ|Z|t?zst|cpio)$/i;
/** What ADD unpacks: a tar archive, whatever it is compressed with (Dockerfile reference, ADD). */
const unpackedByAdd = /\.(tar(\.(gz|bz2|xz|zst))?|tgz|tbz2?|txz|tzst)$/i;
/** What ADD cannot do. */
const partly = /^--(strip|transform|xform|exclude|wildcards|one-top-level|include)/;

export default defineRule({
  id: 'copied-archive',
  aliases: ['DL3010'],
  category: 'size',
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'an archive is copied only to be unpacked',
  why: 'COPY makes a layer of the archive, RUN another one of what is in it. Removing the archive in that RUN does not make the image smaller, for its layer stays.',
  examples: [
    {
      bad: 'FROM debian:13\nCOPY «app.tar.gz» /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz\n',
      good: 'FROM debian:13\nADD app.tar.gz /opt/\n',
    },
    {
      bad: 'FROM debian:13\nCOPY --chown=app «dist/a.zip» «b.tgz» c.txt /tmp/\nRUN cd /tmp && sudo unzip a.zip\nRUN tar xf b.tgz --strip-components=1\n',
      good: 'FROM debian:13\nRUN --mount=type=bind,source=dist/a.zip,target=/tmp/a.zip unzip /tmp/a.zip\nRUN --mount=type=bind,source=b.tgz,target=/tmp/b.tgz tar xf /tmp/b.tgz --strip-components=1\n',
    },
    { bad: 'FROM debian:13\nCOPY «download» /tmp/app.tar\nRUN tar --extract --file /tmp/app.tar\n' },
    { bad: 'FROM debian:13\nARG V\nCOPY «a-$V.tar.xz» /\nRUN tar xJ < /a-${V}.tar.xz\n' },
    { bad: 'FROM debian:13\nARG V=1\nCOPY «a-$V.tar.xz» /\nRUN xz -d /a-1.tar.xz\n' },
    { bad: 'FROM debian:13\nCOPY [«"a.tar.gz"», "/"]\nRUN ["tar", "-xf", "/a.tar.gz"]\n' },
    {
      good: 'FROM debian:13\nCOPY a.tar.gz /\nCOPY b.txt /c.tar.gz\nRUN tar -xf /d.tar.gz && tar tf /a.tar.gz && tar -czf /a.tar.gz /x\n',
    },
    { good: 'FROM debian:13 AS build\nFROM debian:13\nCOPY --from=build /a.tar.gz /\nRUN tar -xf /a.tar.gz\n' },
    { good: 'FROM debian:13 AS build\nCOPY a.tar.gz /\nFROM build\nRUN tar -xf /a.tar.gz\n' },
    {
      good: 'FROM debian:13\nRUN tar -xf /a.tar.gz && rm /a.tar.gz\nCOPY a.tar.gz /\nADD b.tar.gz /\nRUN tar -xf /b.tar.gz\n',
    },
    { bad: 'FROM debian:13\nCOPY «a.7z» /\nRUN 7z x /a.7z\n' },
    { good: 'FROM debian:13\nCOPY a.7z a.tar /\nRUN 7z l /a.7z && file -x /a.tar\nCMD tar xf /a.tar\n' },
    { good: 'FROM debian:13\nCOPY <<EOF /a.tar\nb\nEOF\nRUN tar xf /a.tar\n' },
    { good: 'FROM debian:13\nCOPY a.zip /\nRUN echo a.zip && gzip /a.zip\n' },
    { bad: 'FROM debian:13\nCOPY «a.tar.gz» b.txt /tmp/\nRUN tar xf /tmp/a.tar.gz\nRUN tar xf /tmp/a.tar.gz\n' },
    { bad: 'FROM debian:13\nCOPY «a.tar.gz» $X\nRUN tar xf a.tar.gz\n' },
    { bad: 'FROM debian:13\nCOPY «a.7z» /tmp/\nRUN 7z e /tmp/a.7z && 7z l /tmp/a.7z\n' },
    { good: 'FROM debian:13\nCOPY a.tar.gz /tmp/\nRUN tar tf /tmp/a.tar.gz && tar cf x /tmp/a.tar.gz xyz\n' },
    { good: 'FROM debian:13\nADD a.tar.gz /tmp/\nRUN tar xf /tmp/a.tar.gz\n' },
    { good: 'FROM debian:13\nCOPY a.txt /tmp/\nRUN tar xf /tmp/a.txt\n' },
    { good: 'FROM debian:13\nCOPY a.tar.gz /tmp/\nCMD tar xf /tmp/a.tar.gz\n' },
  ],
  deviations: [
    {
      code: 'DL3010',
      what: 'knows `tar xf`, `tar x -f`, `--file=`, bsdtar and 7z, zip and jar files, and what an archive is called where it was copied to',
      why: 'they unpack as well',
    },
    {
      code: 'DL3010',
      what: 'advises a bind mount where ADD cannot do it (zip, --strip-components)',
      why: 'ADD unpacks whole tar archives only',
    },
  ],
  *check({ stages, steps }) {
    const copied = new Map<Stage, Map<string, CopySource>>(stages.map((stage) => [stage, new Map()]));
    for (const step of steps) {
      const archives = copied.get(step.stage);
      if (!archives) continue;
      if (step.copy && step.instruction.keyword === 'COPY')
        for (const [name, source] of copiedArchives(step.copy)) archives.set(name, source);
      if (step.instruction.keyword !== 'RUN') continue;
      for (const { name, command } of unpackedNames(step)) {
        const source = archives.get(name);
        if (!source) continue;
        archives.delete(name);
        const isForAdd = unpackedByAdd.test(name) && !command.words.some(({ text }) => partly.test(text));
        yield {
          at: source.word.span,
          message: `\`${name.slice(0, 60)}\` stays in this layer, and is unpacked into another one`,
          help: isForAdd
            ? 'use ADD, which unpacks it, or mount it: RUN --mount=type=bind,source=…,target=… tar …'
            : 'mount it where it is unpacked: RUN --mount=type=bind,source=…,target=… …',
        };
      }
    }
  },
});

/** Archives from the build context, by the name that they have in the image. */
function* copiedArchives({ from, sources, targetPath, target }: CopyFacts): Generator<readonly [string, CopySource]> {
  if (from.kind !== 'context') return;
  const to = baseName(targetPath ?? target?.text ?? '');
  for (const source of sources) {
    const name = sources.length === 1 && archive.test(to) ? to : baseName(source.path ?? source.word.text);
    if (source.kind === 'path' && archive.test(name)) yield [name, source];
  }
}

function* unpackedNames(step: Step): Generator<{ readonly name: string; readonly command: Command }> {
  for (const each of step.commands) {
    if (!unpacks(each)) continue;
    const command = fillInAll(each, step);
    const words = [...command.words, ...command.redirects.flatMap(({ target }) => target ?? [])];
    for (const { text } of words) yield { name: baseName(text.replace(/^--file=/, '')), command };
  }
}

function unpacks({ name, words }: Command): boolean {
  const texts = words.slice(1).map(({ text }) => text);
  if (/^(unzip|bsdunzip|gunzip|bunzip2|unxz|unlzma|unzstd|zcat|bzcat|xzcat|zstdcat|cpio)$/.test(name)) return true;
  if (/^(gzip|bzip2|xz|lzma|zstd)$/.test(name))
    return texts.some((text) => /^-[a-zA-Z0-9]*d|^--(decompress|uncompress)$/.test(text));
  if (/^7z[azr]?$/.test(name)) return texts[0] === 'x' || texts[0] === 'e';
  if (!/^(bsd|g)?tar$/.test(name)) return false;
  return texts.some(
    (text, i) => /^(--extract|--get)$|^-[a-zA-Z]*x/.test(text) || (i === 0 && /^[a-zA-Z]*x/.test(text)),
  );
}

/** With variables in one spelling. */
function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\$\{(\w+)\}/g, '$$$1');
}
