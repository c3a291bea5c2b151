import { readFileSync, statSync } from 'node:fs';
import { readDocument } from '../config/document.ts';
import { readBytes } from '../config/image-policy.ts';
import { plainValue } from '../config/node.ts';
import { DlintError } from '../errors.ts';
import { diveScore } from '../layers/dive-score.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import { percent, shareAndBound, sizeAndBound } from '../report/units.ts';
import type { Found } from './image-rules.ts';

/** What a `.dive-ci` asks for; what is switched off is undefined. */
export interface DiveRules {
  /** 0…1 */
  readonly lowestEfficiency: number | undefined;
  readonly highestWastedBytes: number | undefined;
  /** 0…1, of the bytes of all layers but the lowest. */
  readonly highestUserWastedShare: number | undefined;
}

const MOST_BYTES = 1024 * 1024;
const OFF = new Set(['', 'disabled', 'off', 'false']);
const names = {
  efficiency: ['lowestEfficiency', 'lowest-efficiency'],
  bytes: ['highestWastedBytes', 'highest-wasted-bytes'],
  user: ['highestUserWastedPercent', 'highest-user-wasted-percent'],
} as const;

/**
 * Reads dive's configuration of CI rules; what it does not speak of has dive's defaults: 0.9, none, 0.1.
 * @throws DlintError E_NOT_FOUND, E_READ, E_CONFIG
 */
export function readDiveRules(path: string): DiveRules {
  const read = readDocument(textOf(path));
  if ('problems' in read) throw wrong(path, read.problems[0]?.message ?? 'it is no YAML');
  const document = plainValue(read.node) as { rules?: unknown } | null;
  const rules = document?.rules;
  if (typeof rules !== 'object' || rules === null) throw wrong(path, 'it has no table `rules`');
  const value = (keys: readonly string[], fallback: string): string => {
    const key = keys.find((name) => Object.hasOwn(rules, name));
    return key === undefined ? fallback : String((rules as Record<string, unknown>)[key] ?? '').trim();
  };
  const share = (keys: readonly string[], fallback: string): number | undefined => {
    const word = value(keys, fallback);
    if (OFF.has(word.toLowerCase())) return undefined;
    const number = Number(word);
    if (number >= 0 && number <= 1) return number;
    throw wrong(path, `${keys[0]} is ${word}, not a number from 0 to 1`);
  };
  return {
    lowestEfficiency: share(names.efficiency, '0.9'),
    highestWastedBytes: size(path, value(names.bytes, 'disabled')),
    highestUserWastedShare: share(names.user, '0.1'),
  };
}

function size(path: string, word: string): number | undefined {
  if (OFF.has(word.toLowerCase())) return undefined;
  const bytes = readBytes(word);
  if (bytes !== undefined) return bytes;
  throw wrong(path, `highestWastedBytes is ${word}, not a size such as 20MB`);
}

/** Holds an image to dive's rules, with the numbers that dive computes. */
export function* checkDiveRules({ records }: StackedImage, rules: DiveRules): Generator<Found> {
  const { lowestEfficiency, highestWastedBytes, highestUserWastedShare } = rules;
  const { efficiency, wastedBytes, wastedUserShare } = diveScore(records);
  if (lowestEfficiency !== undefined && efficiency < lowestEfficiency) {
    yield { rule: 'dive-efficiency', message: `efficiency is ${efficiency.toFixed(4)}, less than ${lowestEfficiency}` };
  }
  if (highestWastedBytes !== undefined && wastedBytes > highestWastedBytes) {
    const [wasted, most] = sizeAndBound(wastedBytes, highestWastedBytes);
    yield { rule: 'dive-wasted-bytes', message: `${wasted} are wasted, more than ${most}` };
  }
  if (highestUserWastedShare !== undefined && wastedUserShare !== null && wastedUserShare > highestUserWastedShare) {
    const [share, most] = Number.isFinite(wastedUserShare)
      ? shareAndBound(wastedUserShare, highestUserWastedShare)
      : ['more than all', percent(highestUserWastedShare, 1)];
    const message = `${share} of the bytes above the lowest layer are wasted, more than ${most}`;
    yield { rule: 'dive-user-wasted', message };
  }
}

function textOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new DlintError('E_NOT_FOUND', `${path} does not exist`, { where: path });
  if (!stat.isFile() || stat.size > MOST_BYTES)
    throw new DlintError('E_READ', `${path} is no configuration`, { where: path });
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DlintError('E_READ', `cannot read ${path}`, { where: (error as Error).message, cause: error });
  }
}

function wrong(path: string, message: string): DlintError {
  return new DlintError('E_CONFIG', `${path}: ${message}`, {
    where: path,
    hint: 'rules: { lowestEfficiency: 0.9, highestWastedBytes: 20MB, highestUserWastedPercent: 0.2 }',
  });
}
