import type { Problem, Rule } from '../lint/rule.ts';
import { type OptionTable, readOptions } from '../lint/schema.ts';

const categories = ['correctness', 'security', 'size', 'cache', 'style'];
const severities = ['error', 'warning', 'info', 'style', 'off'];

/** What keeps a value from being a rule; undefined when it is one. The types say the same to whoever writes TypeScript. */
export function ruleProblem(value: unknown): string | undefined {
  if (!isRecord(value)) return `no rule, but ${value === undefined ? 'nothing' : typeof value}`;
  const { id, aliases = [], mentions = [], category, severity, summary, why, check, review, options = {} } = value;
  if (typeof id !== 'string') return 'a rule without id';
  if (!/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    return `the id ${id} is not of the form namespace/name, in lower case with dashes`;
  }
  if (!areTexts(aliases)) return `rule ${id}: aliases is no list of texts`;
  if (!areTexts(mentions)) return `rule ${id}: mentions is no list of texts`;
  if (!categories.includes(category as string)) return `rule ${id}: category is not one of ${categories.join(', ')}`;
  if (!severities.includes(severity as string)) return `rule ${id}: severity is not one of ${severities.join(', ')}`;
  if (typeof summary !== 'string' || typeof why !== 'string') return `rule ${id}: summary or why is missing`;
  if (!Array.isArray(value.examples) || !value.examples.every(isExample)) {
    return `rule ${id}: examples is no list of { bad, good } with Dockerfiles as texts`;
  }
  if (typeof check !== 'function') return `rule ${id}: check is no function`;
  if (review !== undefined && typeof review !== 'function') return `rule ${id}: review is no function`;
  return optionsProblem(id, options);
}

/** An option's default has to be what the option itself accepts. */
function optionsProblem(id: string, options: unknown): string | undefined {
  if (!isRecord(options)) return `rule ${id}: options is no table`;
  for (const [name, option] of Object.entries(options)) {
    const isDescribed = isRecord(option) && typeof option.description === 'string' && 'default' in option;
    if (!isDescribed || !types.has(option.type)) return `rule ${id}: option ${name} is not made by an …Option function`;
    const read = readOptions({ [name]: option } as unknown as OptionTable, { [name]: option.default });
    if ('problems' in read) return `rule ${id}: the default of option ${name} is not of its type`;
  }
  return undefined;
}

/** The rule; a problem it gives that is none throws, as if the rule itself did, before it comes to a report. */
export function guarded(rule: Rule): Rule {
  const { review } = rule;
  return {
    ...rule,
    check: (model, options) => problemsOf(rule.check(model, options)),
    ...(review && { review: (outcome, options) => problemsOf(rule.review?.(outcome, options)) }),
  };
}

function* problemsOf(found: unknown): Generator<Problem> {
  const isIterable = typeof found === 'object' && found !== null && Symbol.iterator in found;
  if (!isIterable) throw new TypeError('check gives no list of problems: it is a generator, or returns a list');
  for (const each of found as Iterable<unknown>) {
    if (!isProblem(each)) throw new TypeError('a problem is not { at: { start, end }, message, help?, fix? }');
    yield each;
  }
}

function isProblem(value: unknown): value is Problem {
  if (!isRecord(value) || !isSpan(value.at) || typeof value.message !== 'string') return false;
  const { help, fix } = value;
  if (help !== undefined && typeof help !== 'string') return false;
  if (fix === undefined) return true;
  if (!isRecord(fix) || typeof fix.title !== 'string' || !Array.isArray(fix.edits)) return false;
  return fix.edits.every((edit) => isRecord(edit) && isSpan(edit.span) && typeof edit.text === 'string');
}

function isSpan(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const [start, end] = [value.start, value.end] as [number, number];
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start;
}

const types: ReadonlySet<unknown> = new Set(['boolean', 'integer', 'string', 'choice', 'strings', 'record']);

function isExample(value: unknown): boolean {
  return isRecord(value) && [value.bad, value.good].every((each) => each === undefined || typeof each === 'string');
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
