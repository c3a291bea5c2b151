import type { Edit } from '../../report/finding.ts';
import type { SemanticModel, Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import type { Invocation } from './arguments.ts';
import { appendCleanup } from './cleanup.ts';

/** A tool that leaves what it downloads where a later step cannot take it out again. */
export interface CachingTool {
  /** Reads a command that downloads; undefined for all others. */
  readonly install: (command: Command) => Invocation | undefined;
  /** Whether the cache behind the last install is in no layer: mounted, or emptied by the same RUN. */
  readonly isKeptOut: (install: Invocation, step: Step) => boolean;
  /** The command that empties the cache. */
  readonly cleanup: (install: Invocation) => string;
  /** Stages whose layers are in no image are left out, if not said otherwise. */
  readonly everyStage?: boolean;
}

/** The last download of a RUN that leaves its cache in the layer. */
export interface LeftCache {
  readonly step: Step;
  readonly install: Invocation;
  /** Empties the cache in the same RUN; absent where that cannot be appended. */
  readonly edit?: Edit;
}

/** All RUNs that leave the cache of a tool in their layer. */
export function* leftCaches(
  { steps, dockerfile }: Pick<SemanticModel, 'steps' | 'dockerfile'>,
  tool: CachingTool,
): Generator<LeftCache> {
  for (const step of steps) {
    if (step.instruction.keyword !== 'RUN' || !(tool.everyStage || step.stage.isShipped)) continue;
    const installs = step.commands.flatMap((command) => tool.install(command) ?? []);
    const install = installs.at(-1);
    if (!install || tool.isKeptOut(install, step)) continue;
    const commands = installs.map(({ command }) => command);
    const edit = appendCleanup(step, commands, tool.cleanup(install), dockerfile);
    yield { step, install, ...(edit ? { edit } : {}) };
  }
}
