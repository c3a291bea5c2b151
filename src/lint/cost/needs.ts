import type { Command } from '../shell.ts';
import { builderNeed } from './needs/builders.ts';
import { downloadNeed } from './needs/downloads.ts';
import type { Need } from './needs/need.ts';
import { nodeNeed } from './needs/node.ts';
import { languageNeed } from './needs/other.ts';
import { pythonNeed } from './needs/python.ts';
import { systemNeed } from './needs/system.ts';

/** What a command needs to do its work; undefined for commands that cost little or are not known. */
export function needOf(command: Command): Need | undefined {
  return (
    systemNeed(command) ??
    nodeNeed(command) ??
    pythonNeed(command) ??
    languageNeed(command) ??
    builderNeed(command) ??
    downloadNeed(command)
  );
}
