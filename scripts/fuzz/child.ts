/** Runs cases one after the other as its parent asks for them, and says how each ended. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cat } from '../../src/commands/cat.ts';
import { check } from '../../src/commands/check.ts';
import { diff } from '../../src/commands/diff.ts';
import { extract } from '../../src/commands/extract.ts';
import { inspect } from '../../src/commands/inspect.ts';
import { sbom } from '../../src/commands/sbom.ts';
import { shared } from '../../src/commands/shared.ts';
import { DlintError } from '../../src/errors.ts';
import { gather, type Terminal } from '../../src/terminal.ts';
import { archiveOf, dockerFiles, file, header, padded, pax, tar } from '../../test/support/hostile.ts';
import { type FuzzedFile, fuzzedFile, realFiles } from './files.ts';
import { fuzzedImage } from './images.ts';
import { type Random, randomOf } from './random.ts';

export interface CaseRequest {
  readonly seed: number;
  readonly number: number;
}

export interface CaseReply {
  readonly number: number;
  /** An exit code, with the code of the error; or `bug`. */
  readonly outcome: string;
  readonly cpuMs: number;
  readonly rss: number;
  /** The stack of a bug. */
  readonly stack?: string;
}

/** Every so many cases it is a file of packages that is damaged, not the image. */
const FILE_EVERY = 4;

const folder = mkdtempSync(join(tmpdir(), 'dlint-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('disconnect', () => process.exit());
process.env.DLINT_CACHE = 'off';
let files: readonly FuzzedFile[] | undefined;

process.on('message', async ({ seed, number }: CaseRequest) => {
  const began = process.cpuUsage();
  const ended = await outcomeOf(randomOf(seed, number), number);
  const { user, system } = process.cpuUsage(began);
  process.send?.({
    number,
    cpuMs: (user + system) / 1000,
    rss: process.memoryUsage.rss(),
    ...ended,
  } satisfies CaseReply);
});

async function outcomeOf(random: Random, number: number): Promise<Pick<CaseReply, 'outcome' | 'stack'>> {
  const image = join(folder, 'image');
  rmSync(image, { recursive: true, force: true });
  try {
    if (number % FILE_EVERY === 0) {
      files ??= realFiles();
      writeFileSync(image, imageWith(fuzzedFile(files, random)));
      return { outcome: String(await run('sbom', image, random)) };
    }
    const { bytes, files: inFolder } = fuzzedImage(random);
    if (inFolder) writeFolder(image, inFolder);
    else writeFileSync(image, bytes);
    const command = random.pick(['inspect', 'inspect', 'sbom', 'extract', 'cat', 'check', 'diff', 'shared'] as const);
    return { outcome: String(await run(command, image, random)) };
  } catch (error) {
    if (error instanceof DlintError) return { outcome: `2 ${error.code}` };
    return { outcome: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function run(command: string, image: string, random: Random): Promise<number> {
  const verify = random.below(2) === 0 ? { verify: true } : {};
  switch (command) {
    case 'inspect': {
      const format = [random.pick(['text', 'json', 'tree', 'csv', 'markdown', 'dive-json'])];
      return await inspect({ command, args: [image], flags: { format, 'no-cache': true, ...verify } }, terminal);
    }
    case 'sbom': {
      const format = [random.pick(['cyclonedx', 'spdx', 'table'])];
      return await sbom({ command, args: [image], flags: { format, 'no-cache': true } }, terminal);
    }
    case 'extract': {
      const target = join(folder, 'extracted');
      rmSync(target, { recursive: true, force: true });
      return await extract({ command, args: [image, target], flags: { 'max-size': '64MiB' } }, terminal);
    }
    case 'cat':
      return await cat(
        { command, args: [image, random.pick(['/etc/os-release', 'a/b', '/bin/sh'])], flags: {} },
        terminal,
      );
    case 'check':
      return await check({ command, args: [image], flags: { 'no-config': true } }, terminal);
    case 'shared':
      return await shared({ command, args: [image, image], flags: {} }, terminal);
    default:
      return await diff({ command: 'diff', args: [image, image], flags: {} }, terminal);
  }
}

/** The damaged file with the name of its distribution. */
function imageWith({ path, bytes }: FuzzedFile): Buffer {
  const layer = tar(
    file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
    pax([['path', path]]),
    header({ name: 'file', size: bytes.length, mode: '0000755' }),
    padded(bytes),
  );
  return archiveOf(dockerFiles({ layers: [layer] }));
}

function writeFolder(target: string, inFolder: ReadonlyMap<string, Buffer>): void {
  mkdirSync(target);
  for (const [name, body] of inFolder) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), body);
  }
}

const style = { color: false, width: 100 };
/** Renders everything, and shows nothing. */
const terminal: Terminal = {
  out: style,
  err: style,
  interactive: false,
  print(pieces) {
    for (const _ of gather(pieces));
  },
  printBytes: () => true,
  warn: () => undefined,
};
