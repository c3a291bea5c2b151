import type { Edit } from '../../report/finding.ts';
import type { Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import { insertAfter } from '../spans.ts';
import type { Dockerfile } from '../syntax.ts';
import { jointBehind } from './layout.ts';

/**
 * Appends ` && text` behind the last of some commands, as the same user; given the file, on a line of its own where
 * the RUN has its commands so. Undefined where it would not run exactly when they have succeeded: inside of branches,
 * pipes and exec forms, or in front of `||`.
 */
export function appendCleanup(
  step: Step,
  uses: readonly Command[],
  text: string,
  dockerfile?: Dockerfile,
): Edit | undefined {
  const last = uses.at(-1);
  if (!last || !uses.every(isPlain)) return undefined;
  const next = step.commands[step.commands.indexOf(last) + 1];
  if (next?.before === '||' || next?.before === '&') return undefined;
  const command = [...userOf(last), text].join(' ');
  return insertAfter(last, `${(dockerfile && jointBehind(step, last, dockerfile)) ?? ' && '}${command}`);
}

/** The words in front of a command that decide who runs it: `sudo -u node`. */
function userOf({ wrappers }: Command): readonly string[] {
  return wrappers.filter(({ name }) => switchesUser.test(name)).flatMap(({ words }) => words.map(({ raw }) => raw));
}

const switchesUser = /^(sudo|doas|gosu|su-exec)$/;

function isPlain({ nesting, exec, pipeline, redirects }: Command): boolean {
  const hasHeredoc = redirects.some(({ operator }) => /^<<-?$/.test(operator));
  return nesting.length === 0 && !exec && pipeline.length === 1 && !pipeline.negated && !hasHeredoc;
}
