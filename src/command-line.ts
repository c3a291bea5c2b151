import { type CommandSpec, commandSpecs, type FlagSpec, type Invocation } from './flags.ts';

/**
 * Reads the ordinary forms of a command line: `--name value`, `--name=value`, `-c value`, booleans, `--`. Anything
 * else (help, an unknown flag, glued short flags, a value missing) gives undefined: oclif reads it again, and says
 * what is wrong where something is. What is accepted here means the same there.
 */
export function readCommandLine(argv: readonly string[]): Invocation | undefined {
  const command = argv[0];
  if (command === undefined || !Object.hasOwn(commandSpecs, command)) return undefined;
  const spec: CommandSpec = commandSpecs[command as keyof typeof commandSpecs];
  const args: string[] = [];
  const flags: Record<string, boolean | string | string[]> = {};
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '--') {
      args.push(...argv.slice(i + 1));
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      args.push(word);
      continue;
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const found = findFlag(spec, equals < 0 ? word : word.slice(0, equals));
    if (!found) return undefined;
    const [name, flag] = found;
    if (flag.kind === 'boolean') {
      if (equals >= 0) return undefined;
      flags[name] = true;
      continue;
    }
    const value = equals < 0 ? argv[++i] : word.slice(equals + 1);
    if (!acceptsValue(flag, value) || (equals < 0 && value.startsWith('-') && value !== '-')) return undefined;
    if (flag.kind === 'list') {
      const list = flags[name] as string[] | undefined;
      if (list) list.push(value);
      else flags[name] = [value];
    } else {
      if (flags[name] !== undefined) return undefined;
      flags[name] = value;
    }
  }
  return hasRightArgs(spec, args) ? ({ command, args, flags } as Invocation) : undefined;
}

function findFlag(spec: CommandSpec, word: string): [string, FlagSpec] | undefined {
  if (word.startsWith('--')) {
    const name = word.slice(2);
    const flag = Object.hasOwn(spec.flags, name) ? spec.flags[name] : undefined;
    return flag && [name, flag];
  }
  return Object.entries(spec.flags).find(([, flag]) => word.length === 2 && flag.char === word[1]);
}

function acceptsValue(flag: FlagSpec, value: string | undefined): value is string {
  return value !== undefined && value !== '' && (flag.options === undefined || flag.options.includes(value));
}

function hasRightArgs(spec: CommandSpec, args: readonly string[]): boolean {
  const required = spec.args.filter((arg) => arg.required).length;
  const most = spec.args.some((arg) => arg.variadic) ? Number.POSITIVE_INFINITY : spec.args.length;
  return args.length >= required && args.length <= most;
}
