import { rules } from '../rules/index.ts';
import { lintPath } from './lint-one-file.ts';
import { LintSettings } from './lint-settings.ts';
import { type Share, type ShareReply, takeFrom } from './lint-threads.ts';
import { Workload } from './tiering.ts';

/** Lints what no other thread has taken. Leaves out what fails: the thread that asked finds it again. */
export async function lintShare(share: Share, reply: (done: ShareReply) => void): Promise<void> {
  const { settings } = await new LintSettings(share.flags, rules).choose(share.paths, share.args);
  const workload = new Workload();
  for (const indices of takeFrom(share.taken, share.paths.length)) {
    const done: ShareReply[number][] = [];
    for (const index of indices) {
      const path = share.paths[index] as string;
      const chosen = settings.get(path);
      const linted = chosen && lintPath(path, chosen, share, workload);
      if (linted && !('error' in linted) && linted.failures.length === 0) done.push([index, linted]);
    }
    reply(done);
  }
}
