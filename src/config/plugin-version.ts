import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders above the module in which its package.json is looked for. */
const maxDepth = 10;

/** The versions of dlint that a plugin's package asks for in `peerDependencies`, when `version` is none of them. */
export function wantedVersion(path: string, version: string): string | undefined {
  const range = peerRange(path);
  return range === undefined || satisfies(version, range) ? undefined : range;
}

/** Only of a package: what lies beside a configuration belongs to the project. */
function peerRange(path: string): string | undefined {
  if (!/[\\/]node_modules[\\/]/.test(path)) return undefined;
  let folder = dirname(path);
  for (let depth = 0; depth < maxDepth && dirname(folder) !== folder; depth++, folder = dirname(folder)) {
    try {
      const { name, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const range: unknown = peerDependencies?.dlint;
      // One without a name says only of what kind the modules below are.
      if (name !== undefined) return typeof range === 'string' ? range : undefined;
    } catch {
      // There is none here.
    }
  }
  return undefined;
}

/** Whether a version is in a range (node-semver, "Ranges"). A range that cannot be read holds for all. */
export function satisfies(version: string, range: string): boolean {
  const own = numbersOf(version);
  return range.split('||').some((set) => {
    const comparators = set
      .trim()
      .replace(/^(\S+)\s+-\s+(\S+)$/, '>=$1 <=$2')
      .replace(/([<>=~^])\s+/g, '$1')
      .split(/\s+/);
    return comparators.every((each) => holds(own, each));
  });
}

function holds(own: readonly number[], comparator: string): boolean {
  const match = /^(\^|~|>=|<=|>|<|=)?v?(\d+|[xX*])?(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:[-+].*)?$/.exec(comparator);
  if (!match) return true;
  const [, operator = '', ...parts] = match;
  const given = parts.filter((part) => part !== undefined && /^\d+$/.test(part)).map(Number);
  const [low, high] = boundsOf(operator, given);
  return compare(own, low) >= 0 && compare(own, high) < 0;
}

const top = [Number.POSITIVE_INFINITY];

/** From the first that counts to the first that does not. */
function boundsOf(operator: string, given: readonly number[]): readonly [readonly number[], readonly number[]] {
  if (given.length === 0) return [[], top];
  const next = after(given, given.length - 1);
  if (operator === '>=') return [given, top];
  if (operator === '>') return [next, top];
  if (operator === '<') return [[], given];
  if (operator === '<=') return [[], next];
  if (operator === '~') return [given, after(given, Math.min(1, given.length - 1))];
  // The first number that is not 0 may not change.
  const first = given.findIndex((number) => number > 0);
  if (operator === '^') return [given, after(given, first < 0 ? given.length - 1 : first)];
  return [given, next];
}

/** The first version that differs in the number at `index`. */
function after(version: readonly number[], index: number): readonly number[] {
  return [...version.slice(0, index), (version[index] as number) + 1];
}

function numbersOf(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
