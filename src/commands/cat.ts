import { DlintError } from '../errors.ts';
import type { InvocationOf } from '../flags.ts';
import { noteWarnings } from '../image-notes.ts';
import type { Layer } from '../layers/image.ts';
import type { TreeFile } from '../layers/image-tree.ts';
import { lastLayerWith, nearPaths } from '../layers/near-paths.ts';
import { printablePath } from '../layers/path.ts';
import { passBodies } from '../layers/read-bodies.ts';
import { type Resolved, resolvePath } from '../layers/resolve-path.ts';
import { Scratch } from '../layers/scratch.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import { startProgress } from '../progress.ts';
import { stackFlagged } from '../stack-flagged.ts';
import { didYouMean } from '../suggest.ts';
import type { Terminal } from '../terminal.ts';

/** Prints files of an image, byte for byte. Nothing is printed when one of the paths is no file. */
export async function cat({ args, flags }: InvocationOf<'cat'>, terminal: Terminal): Promise<0> {
  const [reference = '', ...paths] = args;
  const progress = startProgress('Reading layers', flags.quiet === true, terminal);
  const scratch = new Scratch();
  try {
    const stacked = await stackFlagged(reference, flags, { scratch, progress });
    progress.end();
    noteWarnings(stacked.image, flags.quiet === true, terminal);
    const files = paths.map((path) => findFile(stacked, path));
    for (const file of files) if (!(await print(stacked, file, terminal))) break;
    return 0;
  } finally {
    progress.end();
    scratch.dispose();
  }
}

/** False when nobody reads any more. */
async function print({ image }: StackedImage, { layer, entry }: TreeFile, terminal: Terminal): Promise<boolean> {
  let isRead = true;
  await passBodies(
    (image.layers[layer - 1] as Layer).at,
    [entry],
    (_, piece) => {
      isRead = terminal.printBytes(piece);
      return isRead;
    },
    { where: `${image.reference}: layer ${layer}` },
  );
  return isRead;
}

function findFile(stacked: StackedImage, path: string): TreeFile {
  const found = resolvePath(stacked.tree, path);
  if (found.file?.kind === 'file') return found.file;
  throw noFile(stacked, path, found);
}

function noFile(stacked: StackedImage, path: string, found: Resolved): DlintError {
  const where = `${stacked.image.reference}: /${printablePath(path.replace(/^\/+/, ''))}`;
  if (found.file?.kind === 'directory' || (!found.file && found.problem === 'root')) {
    const command = found.file
      ? `dlint extract IMAGE DIR --path ${printablePath(found.file.path)}`
      : 'dlint inspect IMAGE -f tree';
    return new DlintError('E_READ', `${path} is a directory`, { where, hint: command });
  }
  if (found.file) {
    const hint = 'it holds no bytes; dlint inspect IMAGE --path shows what is known of it';
    return new DlintError('E_READ', `${path} is no file but a ${found.file.kind}`, { where, hint });
  }
  const at = `/${printablePath(found.at)}`;
  if (found.problem === 'loop') {
    const hint = `dlint inspect IMAGE --path ${printablePath(found.at)} shows where it leads`;
    return new DlintError('E_READ', `${path} leads through a loop of symbolic links`, {
      where: `${where}, at ${at}`,
      hint,
    });
  }
  if (found.problem === 'not-a-directory') {
    return new DlintError('E_NOT_FOUND', `there is no ${path} in the image`, {
      where,
      hint: `${at} is a ${found.kind}`,
    });
  }
  const hint = hintFor(stacked, found.at);
  const asked = path.replace(/^\/+|\/+$/g, '');
  const isOnTheWay = `${asked}/`.startsWith(`${found.at}/`);
  const message = isOnTheWay
    ? `there is no ${path} in the image`
    : `${path} leads to ${at}, and there is none in the image`;
  return new DlintError('E_NOT_FOUND', message, {
    where: isOnTheWay && asked !== found.at ? `${where}, at ${at}` : where,
    ...(hint !== undefined && { hint }),
  });
}

function hintFor({ tree, records }: StackedImage, path: string): string | undefined {
  const last = lastLayerWith(tree, path, records.length);
  if (last !== undefined) return `layer ${last + 1} removed it: --layer ${last} still has it`;
  const { siblings, namesakes } = nearPaths(tree, path);
  const slash = path.lastIndexOf('/') + 1;
  const meant = didYouMean(path.slice(slash), siblings);
  if (meant !== undefined) return printablePath(meant.replace('mean ', `mean /${path.slice(0, slash)}`));
  if (namesakes.length > 0) return `there is ${namesakes.map((one) => `/${printablePath(one)}`).join(', ')}`;
  return 'dlint inspect IMAGE -f tree lists what is there';
}
