import { Args, Command, Errors, Flags, type Interfaces } from '@oclif/core';
import { DlintError } from './errors.ts';
import {
  type ArgSpec,
  type CommandId,
  type CommandSpec,
  commandSpecs,
  type FlagSpec,
  type Invocation,
} from './flags.ts';
import { didYouMean } from './suggest.ts';

/** A command of the table for oclif, which says what is wrong with a command line. `run` reads and does not run. */
abstract class BaseCommand extends Command {
  protected abstract readonly commandId: CommandId;

  async run(): Promise<Invocation> {
    const { args, flags } = await this.parse();
    const values = Object.values(args as Record<string, unknown>).flat() as string[];
    return { command: this.commandId, args: values, flags } as Invocation;
  }

  /** oclif's own would print in its way and exit 1, which means findings. */
  protected override catch(error: Error): never {
    throw explainUsage(error, this.commandId) ?? error;
  }
}

/** What oclif found wrong with a command line, as an error of ours; undefined when it is something else. */
function explainUsage(error: Error, id: CommandId): DlintError | undefined {
  if (!(error instanceof Errors.CLIError)) return undefined;
  const spec: CommandSpec = commandSpecs[id];
  const help = `dlint ${id} --help`;
  const unknown = 'flags' in error && Array.isArray(error.flags) ? (error.flags[0] as unknown) : undefined;
  if (typeof unknown === 'string') {
    const name = unknown.split('=', 1)[0] as string;
    return new DlintError('E_USAGE', `there is no flag ${name}`, {
      where: `dlint ${id}`,
      hint: didYouMean(name, [...Object.keys(spec.flags).map((flag) => `--${flag}`), '--help']) ?? help,
    });
  }
  const [message = '', ...details] = error.message.split('\n');
  const wrong = /^Expected --(\S+?)=(.*) to be one of: (.*)$/.exec(message);
  if (wrong) {
    const [, flag = '', value = '', options = ''] = wrong;
    return new DlintError('E_USAGE', `--${flag} cannot be ${value}`, {
      where: `dlint ${id} --${flag} ${value}`,
      hint: didYouMean(value, options.split(', ')) ?? `one of ${options}`,
    });
  }
  const isMissing = /^Missing \d+ required arg/.test(message);
  const named = (name: string) => details.some((line) => line.startsWith(name));
  const missing = isMissing ? spec.args.find(({ name, required }) => required && named(name)) : undefined;
  return new DlintError('E_USAGE', missing ? `${missing.name.toUpperCase()} is missing` : lowerFirst(message), {
    where: `dlint ${id}`,
    hint: missing ? `${spec.examples[0]?.command ?? help}` : help,
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Makes oclif's class of a command from the table. */
export function oclifCommand(id: CommandId): Command.Class {
  const spec: CommandSpec = commandSpecs[id];
  return class extends BaseCommand {
    static override summary = spec.summary;
    static override args = Object.fromEntries(spec.args.map((arg) => [arg.name, oclifArg(arg)]));
    static override flags = Object.fromEntries(
      Object.entries(spec.flags).map(([name, flag]) => [name, oclifFlag(name, flag)]),
    ) as Interfaces.FlagInput;
    protected readonly commandId = id;
  };
}

function oclifArg({ name, summary, required, variadic }: ArgSpec) {
  return Args.string({
    name,
    description: summary,
    required,
    ignoreStdin: true,
    ...(variadic && { multiple: true }),
  } as {
    description: string;
    required: boolean;
  });
}

function oclifFlag(name: string, flag: FlagSpec) {
  const common = {
    name,
    summary: flag.summary,
    ...(flag.char !== undefined && { char: flag.char as 'f' }),
    ...(flag.group !== undefined && { helpGroup: flag.group }),
  };
  if (flag.kind === 'boolean') return Flags.boolean(common);
  const valued = {
    ...common,
    ...(flag.value !== undefined && { helpValue: flag.value }),
    ...(flag.options !== undefined && { options: [...flag.options] }),
  };
  return flag.kind === 'list'
    ? Flags.string({ ...valued, multiple: true, multipleNonGreedy: true })
    : Flags.string(valued);
}
