import type { Step } from '../semantic/model.ts';
import type { Command } from '../shell.ts';

/** A path that starts with `~/` lies in any home folder. */
const home = /^(~|\$HOME|\$\{HOME\}|\/root|\/home\/[^/]+)(?=\/|$)/;

function tail(path: string): string {
  return path.replace(home, '~').replace(/\/+$/, '');
}

/** Whether a cache or tmpfs mount lies over a path, so that what is written there is not in the layer. */
export function isMounted(step: Step, path: string): boolean {
  const wanted = tail(path);
  return step.mounts.some(({ type, target }) => {
    if ((type !== 'cache' && type !== 'tmpfs') || target === undefined) return false;
    const over = tail(target);
    return wanted === over || wanted.startsWith(`${over}/`);
  });
}

/** Whether a later command of the same step removes a path, so that it is not in the layer. */
export function isRemovedAfter(step: Step, command: Command, path: string): boolean {
  return cleansUp(step, command, (later) => removes(later, path));
}

/** A cleanup is looked for among so many commands from the end, so that a rule's time stays linear. */
const maxLater = 50;

/** Whether a later command of the same step is one that cleans up, such as `yum clean all`. */
export function cleansUp(step: Step, command: Command, isCleanup: (later: Command) => boolean): boolean {
  const { commands } = step;
  const first = Math.max(0, commands.length - maxLater);
  for (let i = commands.length - 1; i >= first; i--) {
    const later = commands[i];
    if (!later || later === command) return false;
    if (isCleanup(later)) return commands.indexOf(command) < i;
  }
  return false;
}

/** Whether a command removes a folder, one above it, or everything in it: `rm -rf`, `find … -delete`. */
export function removes({ name, words }: Command, path: string): boolean {
  if (name !== 'rm' && name !== 'find') return false;
  const operands = words.slice(1).map(({ text }) => text);
  const wanted = tail(path);
  if (name === 'find') {
    const isDelete = operands.includes('-delete') || operands.includes('rm');
    return isDelete && operands.some((operand) => holds(operand, wanted));
  }
  // Without an option, only the files that a pattern gives.
  if (!operands.some((operand) => /^-[a-zA-Z]*[rRfF]|^--recursive$|\/\*$/.test(operand))) return false;
  return operands.flatMap((operand) => expandBraces(operand)).some((operand) => holds(operand, wanted));
}

/** `/var/lib/apt/lists`, `/var/lib/apt/lists/*`, `/var/lib/apt/li*` and `/var/lib/apt` hold `/var/lib/apt/lists`; `/` nothing. */
function holds(operand: string, wanted: string): boolean {
  const isInside = tail(operand).startsWith(`${wanted}/`) && /[*?]/.test(operand.slice(operand.lastIndexOf('/')));
  const start = /^(.*[^/*?])\*$/s.exec(operand)?.[1];
  if (start !== undefined) return isInside || wanted.startsWith(tail(start));
  const folder = tail(operand.replace(/\/(\*|\.\*|\.\?\?\*)+$/, ''));
  return isInside || (folder.length > 1 && (wanted === folder || wanted.startsWith(`${folder}/`)));
}

/** Brace expansion of a word (Bash manual, 3.5.1), lists only, innermost first; at most a hundred results. */
function expandBraces(word: string): string[] {
  let open = [word];
  if (word.length > 1000) return open;
  for (let round = 0; round < 5 && open.length < 100; round++) {
    const next = open.flatMap((each) => {
      const match = /^(.*)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(each);
      return match ? (match[2] ?? '').split(',').map((part) => `${match[1]}${part}${match[3]}`) : [each];
    });
    if (next.length === open.length) break;
    open = next;
  }
  return open;
}
