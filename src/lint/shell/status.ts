import type { Command } from './command.ts';

/**
 * Tells of the commands of one script whether their status decides anything: not in conditions, behind `!`, before
 * `|| true`, nor in a substitution that is an argument of something else.
 */
export function statusCounts(commands: readonly Command[]): (command: Command) => boolean {
  const ends = new Map(commands.map((command) => [command.chain, command]));
  const outer = enclosing(commands);
  return (command) => {
    for (let at: Command | undefined = command; at; at = outer.get(at)) {
      const { nesting, pipeline, chain } = at;
      const end = ends.get(chain);
      if (pipeline.negated || nesting.includes('condition')) return false;
      if (end?.before === '||' && (end.name === 'true' || end.name === ':')) return false;
      if (!nesting.includes('substitution')) return true;
      // `A=$(a | b)` has the status of the pipe; `echo $(a | b)` has that of echo.
      if (outer.get(at)?.words.length !== 0) return false;
    }
    return false;
  };
}

/** The command that each command inside a substitution stands in. */
function enclosing(commands: readonly Command[]): ReadonlyMap<Command, Command> {
  const outer = new Map<Command, Command>();
  // The commands around the current one, each nested deeper than the one before.
  const open: Command[] = [];
  for (const command of commands) {
    const depth = command.nesting.lastIndexOf('substitution');
    while (open.length > 0 && (open.at(-1)?.nesting.length ?? 0) > Math.max(depth, 0)) open.pop();
    const around = open.at(-1);
    if (depth >= 0 && around) outer.set(command, around);
    open.push(command);
  }
  return outer;
}
