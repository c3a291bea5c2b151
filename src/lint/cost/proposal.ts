import type { LateInstall } from './late-installs.ts';
import { manifestCopies, treeFolder } from './manifest-copy.ts';
import { commandTitle, listing } from './words.ts';

/** The order that would be better: what to run in front of `place`, and what to copy first. */
export function proposal(lates: readonly LateInstall[], place = 'this copy'): string {
  const isReading = (late: LateInstall): boolean => !late.isProvided && (late.need.manifests ?? []).length > 0;
  const reading = lates.filter(isReading);
  const free = lates.filter((late) => !isReading(late));
  const parts: string[] = [];
  if (free.length > 0) {
    const names = listing(free.map(({ command }) => commandTitle(command)));
    parts.push(`run ${names} before ${place}: ${isOne(free) ? 'it needs' : 'they need'} nothing of it`);
  }
  if (reading.length > 0) {
    const names = listing(reading.map(({ command }) => commandTitle(command)));
    const files = listing(reading.flatMap(manifestNames), 6);
    const besides = [...new Set(reading.flatMap(({ need }) => need.besides ?? []))].map((each) => ` (${each})`);
    parts.push(
      `copy ${files} first, run ${names}${besides.join('')}, and copy the rest after ${isOne(reading) ? 'it' : 'them'}`,
    );
  }
  return parts.join('; ');
}

function isOne(lates: readonly LateInstall[]): boolean {
  return new Set(lates.map(({ command }) => commandTitle(command))).size === 1;
}

/** As they would be written in the COPY, where the tree is known; as the tool calls them otherwise. */
function manifestNames(late: LateInstall): string[] {
  for (const { step } of late.behind) {
    const root = treeFolder(step.copy?.sources[0]);
    const copies = root === undefined ? undefined : manifestCopies(late, step);
    if (!copies || root === undefined) continue;
    const prefix = root === './' ? '' : root;
    return copies.flatMap(({ folder, names }) =>
      names.length === 0 ? [`${prefix}${folder}`] : names.map((name) => `${prefix}${folder}${plainName(name)}`),
    );
  }
  return (late.need.manifests ?? []).map(plainName);
}

/** `yarn.lock*` may be missing; to a reader it is yarn.lock. `*.gradle*` is Groovy or Kotlin. */
export function plainName(manifest: string): string {
  return manifest.endsWith('*.gradle*') ? manifest : manifest.replace(/(?<=\.[\w-]{1,40})\*$/, '');
}
