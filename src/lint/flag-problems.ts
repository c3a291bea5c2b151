import { closest } from './closest.ts';
import type { Flag, Instruction, SyntaxProblem } from './syntax.ts';

interface FlagType {
  /** May be given without a value. */
  readonly isSwitch?: true;
  readonly repeatable?: true;
  /** What is wrong with a value, as the end of a sentence, and what to write. */
  readonly complain?: (value: string) => { readonly message: string; readonly help: string } | undefined;
}

const text: FlagType = {};
const list: FlagType = { repeatable: true };
const toggle: FlagType = { isSwitch: true, complain: complainOfSwitch };
const duration: FlagType = { complain: complainOfDuration };

/** The flags of the Dockerfile reference, with those of the labs channel. */
const known: Partial<Record<Instruction['keyword'], Readonly<Record<string, FlagType>>>> = {
  FROM: { platform: text },
  RUN: {
    mount: list,
    network: oneOf('default', 'none', 'host'),
    security: oneOf('sandbox', 'insecure'),
    device: list,
  },
  COPY: { from: text, chown: text, chmod: text, link: toggle, parents: toggle, exclude: list },
  ADD: {
    'keep-git-dir': toggle,
    checksum: text,
    chown: text,
    chmod: text,
    link: toggle,
    unpack: toggle,
    exclude: list,
  },
  HEALTHCHECK: {
    interval: duration,
    timeout: duration,
    'start-period': duration,
    'start-interval': duration,
    retries: { complain: complainOfCount },
  },
};

/** What BuildKit would refuse in an instruction's flags. */
export function flagProblems({ keyword, flags }: Instruction): SyntaxProblem[] {
  if (flags.length === 0 || keyword === 'UNKNOWN') return [];
  const types = known[keyword] ?? {};
  const seen = new Set<string>();
  const problems: SyntaxProblem[] = [];
  for (const flag of flags) {
    const type = Object.hasOwn(types, flag.name) ? types[flag.name] : undefined;
    const problem = type ? (repeated(flag, type, seen) ?? valueProblem(flag, type)) : unknown(keyword, flag, types);
    if (problem) problems.push(problem);
    seen.add(flag.name);
  }
  return problems;
}

function unknown(keyword: string, { span, name }: Flag, types: Readonly<Record<string, FlagType>>): SyntaxProblem {
  const names = Object.keys(types);
  const meant = closest(name, names);
  const takes = names.length === 0 ? `${keyword} takes no flags` : `${keyword} takes --${names.join(', --')}`;
  return {
    code: 'unknown-flag',
    span,
    message: `${keyword} has no flag --${name}`,
    help: meant ? `Did you mean --${meant}?` : takes,
  };
}

function repeated({ span, name }: Flag, type: FlagType, seen: ReadonlySet<string>): SyntaxProblem | undefined {
  if (type.repeatable || !seen.has(name)) return undefined;
  const message = `--${name} stands here a second time`;
  return { code: 'duplicate-flag', span, message, help: 'Keep one of the two' };
}

function valueProblem({ span, name, value, valueSpan }: Flag, type: FlagType): SyntaxProblem | undefined {
  if (value === undefined ? !type.isSwitch : type.isSwitch && value === '') {
    const message = `--${name} lacks its value`;
    const help = type.isSwitch ? `Write --${name} or --${name}=true` : `Write --${name}=…`;
    return { code: 'invalid-flag', span, message, help };
  }
  const complaint = value === undefined ? undefined : type.complain?.(value);
  if (!complaint) return undefined;
  return { code: 'invalid-flag', span: valueSpan ?? span, ...complaint, message: `--${name} ${complaint.message}` };
}

function complainOfSwitch(value: string) {
  if (/^(?:true|false)$/i.test(value)) return undefined;
  return { message: `is true or false, not ${JSON.stringify(value)}`, help: 'Write true or false' };
}

/** A variable may stand for any of them; an empty value is the default. */
function oneOf(...choices: readonly string[]): FlagType {
  const complain = (value: string) => {
    if (value === '' || value.includes('$') || choices.includes(value)) return undefined;
    const meant = closest(value, choices);
    const help = meant ? `Did you mean ${meant}?` : `Write one of ${choices.join(', ')}`;
    return { message: `cannot be ${JSON.stringify(value)}`, help };
  };
  return { complain };
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** Durations are those of Go's `time.ParseDuration`. The engine takes none between 0 and 1 ms; empty and 0 are the default. */
function complainOfDuration(value: string) {
  if (value === '' || /^[+-]?0$/.test(value)) return undefined;
  const help = 'Write a number with its unit: 30s, 1m30s, 500ms';
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(value)) {
    return { message: `is no duration: ${JSON.stringify(value)}`, help };
  }
  let nanoseconds = 0;
  for (const [, number, unit = ''] of value.matchAll(/([\d.]+)([^\d.]+)/g)) {
    nanoseconds += Number(number) * (durationUnits[unit] ?? 0);
  }
  if (nanoseconds === 0 || (nanoseconds >= 1e6 && !value.startsWith('-'))) return undefined;
  return { message: 'cannot be less than 1 ms', help };
}

function complainOfCount(value: string) {
  if (value === '' || (/^[+-]?\d+$/.test(value) && Number(value) >= 0 && Number(value) < 2 ** 31)) return undefined;
  return { message: `is a whole number, not ${JSON.stringify(value)}`, help: 'Write a number: 3' };
}
