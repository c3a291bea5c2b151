import type { SemanticModel, Stage, Step } from '../lint/semantic.ts';
import type { Span } from '../report/finding.ts';
import { align } from './align.ts';
import {
  ALIKE,
  classicTarget,
  likeness,
  type Made,
  readCreatedBy,
  runs,
  saysSame,
  withoutFlags,
} from './created-by.ts';
import { type InstructionText, instructionText, trimSlash } from './instruction-text.ts';

/**
 * How sure it is that an instruction made a history entry. `exact`: the entry says the same, and no other instruction
 * or entry does. `likely`: keyword, place and most words fit, or what was copied is known by its target only.
 */
export type Confidence = 'exact' | 'likely';

export interface TracedStep {
  readonly step: Step;
  /** Of the whole instruction. */
  readonly span: Span;
  /** Index in the history. */
  readonly entry: number;
  /** 1-based layer that the entry made; null when it made none. */
  readonly layer: number | null;
  readonly confidence: Confidence;
}

export interface Trace {
  /** The instructions that were found in the history, in order. */
  readonly steps: readonly TracedStep[];
  /** Layers below the first instruction of the file: of the base image. 0 for `FROM scratch` and where it is not known. */
  readonly baseLayers: number;
  /** What keeps the match from being sure, as sentences. */
  readonly warnings: readonly string[];
}

export interface TracedEntry {
  readonly createdBy: string;
  readonly layer: number | null;
}

/** More of either are not matched: the last ones are. */
const MOST = 500;
const LAYER_KEYWORDS = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/** Finds the instructions of the final stage, and of the stages it is built on, in an image's history. */
export function trace(model: SemanticModel, history: readonly TracedEntry[]): Trace {
  const { instructions, source } = model.dockerfile;
  const { text } = source;
  // A piece of a file is a stage for the linter; an image is not made of it.
  const chain = instructions.some(({ keyword }) => keyword === 'FROM') ? stagesOf(model.finalStage) : [];
  const steps = chain.flatMap((stage) => stage.steps).slice(-MOST);
  const texts = steps.map((step) => instructionText(step, text));
  const skipped = Math.max(0, history.length - MOST);
  const entries = history.slice(skipped).map(readEntry);
  const kinds = texts.map((one) => entries.map((made) => (made ? matchOf(made, one) : 'none')));
  const pairs = align(steps.length, entries.length, (left, right) => WEIGHTS[kinds[left]?.[right] ?? 'none']);
  const found = pairs.flatMap(([left, right]): Found[] => {
    const kind = kinds[left]?.[right] as Match;
    const step = steps[left] as Step;
    const entry = skipped + right;
    if (kind === 'keyword') return [];
    const isSure = kind === 'same' && isAlone(left, right, kinds, texts, entries);
    const span = (step.onbuild ?? step.instruction).span;
    const layer = history[entry]?.layer ?? null;
    return [{ step, span, entry, layer, confidence: isSure ? 'exact' : 'likely', index: left, covers: 1 }];
  });
  return judged(accounted(found, steps), chain[0], steps, history);
}

/** Final stage and the stages that it starts from, the first of them first. */
export function stagesOf(final: Stage | undefined): Stage[] {
  const chain: Stage[] = [];
  for (
    let stage = final;
    stage && !chain.includes(stage);
    stage = stage.base.kind === 'stage' ? stage.base.stage : undefined
  )
    chain.unshift(stage);
  return chain;
}

interface Found extends TracedStep {
  /** Index of the step. */
  readonly index: number;
  /** How many instructions that make layers it stands for. */
  readonly covers: number;
}

/**
 * A layer is of one line only if no instruction before it is left over. A layer whose entry names an instruction that makes
 * none, such as CMD, holds what the stage did so far: builders that squash, or keep no layers, write it so.
 */
function accounted(found: readonly Found[], steps: readonly Step[]): Found[] {
  let next = 0;
  const layerless = new Set(found.flatMap(({ layer, step }) => (layer === null && isMaking(step) ? [step] : [])));
  return found.flatMap((one): Found[] => {
    if (one.layer === null) return [one];
    const isLowest = next === 0;
    const missed = steps.slice(next, one.index).filter(isMaking);
    next = one.index + 1;
    if (LAYER_KEYWORDS.has(one.step.instruction.keyword)) {
      const covers = isMaking(one.step) ? 1 : 0;
      const [first] = missed;
      // What was made before it lies in the same layer: the builder kept none of its own.
      if (first && missed.every((step) => layerless.has(step))) {
        const span = { start: first.instruction.span.start, end: one.span.end };
        return [{ ...one, span, confidence: 'likely', covers: covers + missed.length }];
      }
      return [missed.length === 0 ? { ...one, covers } : { ...one, covers, confidence: 'likely' }];
    }
    const first = missed.find(({ stage }) => isLowest || stage === one.step.stage);
    if (!first || one.step.onbuild) return [];
    const span = { start: first.instruction.span.start, end: one.span.end };
    return [{ ...one, span, confidence: 'likely', covers: missed.length }];
  });
}

function isMaking({ instruction, onbuild }: Step): boolean {
  return !onbuild && ['RUN', 'COPY', 'ADD'].includes(instruction.keyword);
}

function readEntry({ createdBy }: TracedEntry): Made | undefined {
  return readCreatedBy(createdBy);
}

/** `keyword`: may stand for each other in the order, and no more is said. */
type Match = 'same' | 'alike' | 'keyword' | 'none';
const WEIGHTS: Readonly<Record<Match, number>> = { same: 100, alike: 40, keyword: 1, none: 0 };

function matchOf(
  { keyword, rest, words }: Made,
  { keyword: own, texts, targets, words: theirs }: InstructionText,
): Match {
  if (keyword !== own) return 'none';
  if (keyword === 'RUN') {
    if (texts.some((text) => runs(rest, text))) return 'same';
    return likeness(words, theirs) >= ALIKE ? 'alike' : 'none';
  }
  const said = withoutFlags(rest);
  if (texts.some((text) => saysSame(said, text))) return 'same';
  if (keyword === 'COPY' || keyword === 'ADD') {
    const target = classicTarget(rest) ?? said.slice(said.lastIndexOf(' ') + 1);
    return targets.includes(trimSlash(target)) ? 'alike' : 'none';
  }
  return keyword === 'WORKDIR' ? 'none' : 'keyword';
}

/** Whether neither another instruction fits the entry as well, nor another entry the instruction. */
function isAlone(
  left: number,
  right: number,
  kinds: readonly (readonly Match[])[],
  texts: readonly InstructionText[],
  entries: readonly (Made | undefined)[],
): boolean {
  const rivals = kinds.filter((row) => row[right] === 'same').length;
  const others = kinds[left]?.filter((kind) => kind === 'same').length ?? 0;
  // As many times in the file as in the history, each finds its own.
  return rivals === others && (rivals === 1 || texts.length <= entries.length);
}

function judged(
  traced: readonly Found[],
  first: Stage | undefined,
  steps: readonly Step[],
  history: readonly TracedEntry[],
): Trace {
  const making = steps.filter(isMaking);
  const found = traced.reduce((sum, { layer, covers }) => sum + (layer === null ? 0 : covers), 0);
  const warnings: string[] = [];
  if (!first) warnings.push('there is no FROM in it: is it the Dockerfile?');
  else if (history.every(({ layer }) => layer === null))
    warnings.push('the image does not say which instruction made which layer');
  else if (found < making.length) {
    warnings.push(`${found} of ${making.length} instructions that make layers were found in the history`);
  }
  const isPoor = first !== undefined && found * 2 < making.length;
  if (isPoor) warnings.push('another Dockerfile, another state of it, or a squashed image');
  const [lowest] = traced.filter(({ layer }) => layer !== null);
  // Where the first instruction is not found, some layers below the others may be its.
  const isBegun =
    lowest !== undefined && (lowest.span.start === making[0]?.instruction.span.start || lowest.confidence === 'exact');
  const firstEntry = traced[0]?.entry ?? 0;
  const below = history.slice(0, firstEntry).flatMap(({ layer }) => layer ?? []);
  return {
    steps: isPoor ? traced.map((step) => ({ ...step, confidence: 'likely' as const })) : traced,
    baseLayers: isPoor || !isBegun || first?.base.kind === 'scratch' ? 0 : below.length,
    warnings,
  };
}
