import { spawnSync } from 'node:child_process';
import type { Change } from '../../src/layers/image-tree.ts';
import { shared } from './shared.ts';

/** What `oracle.py --list` says of an image. Layers count from 0 there. */
export interface OracleReport {
  readonly total_stored: number;
  readonly live: number;
  readonly dead: number;
  readonly files: number;
  readonly apparent: number;
  readonly layers: readonly OracleLayer[];
}

interface OracleLayer {
  readonly entries: number;
  readonly stored: number;
  readonly dead: number;
  readonly problems: Readonly<Record<string, number>>;
  readonly list: readonly (readonly [path: string, type: string, change: string, size: number])[];
}

/** Whether the oracle can be asked: its script and python3 are there. */
export function hasOracle(): boolean {
  return shared('images/oracle.py') !== undefined && spawnSync('python3', ['--version']).status === 0;
}

/** Asks the oracle; image counts from 0. Undefined when it cannot read the image. */
export function askOracle(path: string, image: number): OracleReport | undefined {
  const script = shared('images/oracle.py') as string;
  const run = spawnSync('python3', [script, path, '--list', '--image', String(image)], { maxBuffer: 2 ** 30 });
  return run.status === 0 ? (JSON.parse(run.stdout.toString()) as OracleReport) : undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  'character-device': 'c',
  'block-device': 'b',
  fifo: 'p',
};
const METADATA = ['mode', 'owner', 'xattr', 'mtime'];

/**
 * A change in the oracle's words. It gives the first reason of content, link target and metadata; we give all.
 * It calls whatever is listed again without a difference "rewritten, same"; for us only a file is, whose body is stored
 * again.
 */
export function inOracleWords({ path, kind, change, size, reasons }: Change): string {
  return oracleLine(path, TYPES[kind] ?? kind, oracleChange(change, reasons), change === 'removed' ? -size : size);
}

export function oracleLine(path: string, type: string, change: string, size: number): string {
  return JSON.stringify([path, type, change, size + 0]);
}

function oracleChange(change: Change['change'], reasons: Change['reasons']): string {
  if (change !== 'modified') return change;
  if (reasons.includes('type')) return 'type changed';
  if (reasons.includes('content')) return 'content';
  if (reasons.includes('link') || reasons.includes('device')) return 'link target';
  if (reasons.includes('rewritten')) return 'rewritten, same';
  return `metadata(${METADATA.filter((reason) => (reasons as readonly string[]).includes(reason)).join('+')})`;
}
