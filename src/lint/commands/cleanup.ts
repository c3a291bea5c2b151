import type { Edit } from '../../report/finding.ts';
import type { Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';
import { insertAfter } from '../spans.ts';

/**
 * Appends ` && text` behind the last of some commands, under the same sudo. Undefined where it would not run exactly
 * when they have succeeded: inside of branches, pipes and exec forms, or in front of `||`.
 */
export function appendCleanup(step: Step, uses: readonly Command[], text: string): Edit | undefined {
  const last = uses.at(-1);
  if (!last || !uses.every(isPlain)) return undefined;
  const next = step.commands[step.commands.indexOf(last) + 1];
  if (next?.before === '||' || next?.before === '&') return undefined;
  const sudo = last.wrappers.some(({ name }) => name === 'sudo') ? 'sudo ' : '';
  return insertAfter(last, ` && ${sudo}${text}`);
}

function isPlain({ nesting, exec, pipeline, redirects }: Command): boolean {
  const hasHeredoc = redirects.some(({ operator }) => /^<<-?$/.test(operator));
  return nesting.length === 0 && !exec && pipeline.length === 1 && !pipeline.negated && !hasHeredoc;
}
