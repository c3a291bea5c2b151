import { type Copy, type CopyFacts, type CopySource, defineRule, replace } from '../src/lint/rule.ts';

/** What ADD unpacks, by its name: tar archives, whatever they are compressed with. */
const archive = /\.(tar|t?gz|taz|t?bz2?|tb2|tbz|tz2|t?xz|t?lz|t?lzma|tlz|tpz|tZ|Z|t?zst|tzst)$/i;

export default defineRule({
  id: 'add-local-file',
  aliases: ['DL3020'],
  category: 'style',
  mentions: ['add'],
  severity: 'info',
  presets: { hadolint: 'error' },
  summary: 'ADD for plain files',
  why: 'ADD unpacks archives and downloads from addresses; COPY copies what is there and does nothing else. With ADD, a reader has to find out which it is, and a file that happens to be an archive is unpacked unasked.',
  examples: [
    {
      bad: 'FROM debian:13\n«ADD» requirements.txt /app/\n',
      good: 'FROM debian:13\nCOPY requirements.txt /app/\n',
    },
    {
      bad: 'FROM debian:13\nONBUILD «ADD» --chown=app ./ src/ /app/\n',
      good: 'FROM debian:13\nONBUILD COPY --chown=app ./ src/ /app/\n',
    },
    { bad: 'FROM debian:13\n«ADD» ["a b.conf", "/etc/"]\n', good: 'FROM debian:13\nCOPY ["a b.conf", "/etc/"]\n' },
    {
      bad: 'FROM debian:13\n«ADD» start /start\n«ADD» conf/* /etc/\n',
      good: 'FROM debian:13\nCOPY start /start\nCOPY conf/* /etc/\n',
      note: 'The fix is not a safe one: these may be archives.',
    },
    { bad: 'FROM debian:13\nARG F=a.conf\n«ADD» $F /etc/\n', good: 'FROM debian:13\nARG F=a.conf\nCOPY $F /etc/\n' },
    { bad: 'FROM debian:13\n«ADD» a.conf a.tar.gz /etc/\n', note: 'Only one of the two is for COPY.' },
    { good: 'FROM debian:13\nADD rootfs.tar.xz /\nADD a.tgz b.tar.zst c.TAR /x/\nADD *.tar /x/\n' },
    {
      good: 'FROM debian:13\nADD https://a.example/a /a\nADD git@github.com:a/b.git /b\nADD https://github.com/a/b.git#v1 /c\n',
    },
    {
      good: 'FROM debian:13\nARG F\nADD $F /a\nADD rootfs-$F.tar.gz /\nADD --unpack=true a /a\nADD --checksum=sha256:0 https://a.example/a /a\n',
    },
    { good: 'FROM debian:13\nADD <<EOF /a\nb\nEOF\nCOPY a /a\n' },
  ],
  deviations: [
    {
      code: 'DL3020',
      what: 'knows git sources, .tar.zst and heredocs',
      why: 'the first two need ADD, the third is no file',
    },
    { code: 'DL3020', what: 'silent when a variable leaves open what the source is', why: 'it may be an address' },
  ],
  *check({ steps, dockerfile: { source } }) {
    for (const step of steps) {
      const { instruction, copy } = step;
      if (instruction.keyword !== 'ADD' || !copy || instruction.flags.some(({ name }) => name === 'unpack')) continue;
      const [local] = copy.sources.filter(isLocal);
      if (!local) continue;
      const { keywordSpan } = instruction;
      const written = source.text.slice(keywordSpan.start, keywordSpan.end);
      const edit = replace(keywordSpan, written === 'add' ? 'copy' : 'COPY');
      yield {
        at: keywordSpan,
        message: `ADD is for archives and addresses, and \`${local.word.text.slice(0, 60)}\` is neither`,
        help: 'use COPY',
        ...(isCopyable(instruction, copy)
          ? { fix: { title: 'Use COPY', safe: copy.sources.every(isSurelyPlain), edits: [edit] } }
          : {}),
      };
    }
  },
});

/** A file or folder of the build context that ADD does nothing to but copy, by its name. */
function isLocal({ kind, path, word }: CopySource): boolean {
  if (kind !== 'path' || archive.test(path ?? word.text)) return false;
  return path !== undefined;
}

/** Whether COPY takes all sources and flags. */
function isCopyable({ flags }: Copy, { sources }: CopyFacts): boolean {
  return flags.every(({ name }) => /^(chown|chmod|link|exclude)$/.test(name)) && sources.every(isLocal);
}

/** Folders, and files with an extension that no archive has; what is without one may be anything. */
function isSurelyPlain({ path = '' }: CopySource): boolean {
  return !/[*?[]/.test(path) && /(^|\/)\.{0,2}$|\.[a-z][a-z0-9]{0,9}$/i.test(path);
}
