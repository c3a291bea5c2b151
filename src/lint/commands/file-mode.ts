/** What a mode as chmod(1) takes it gives: `0777`, `u+rwx,o=rx`. */
export interface FileMode {
  /** Everybody may write, and there is no sticky bit. */
  readonly isWorldWritable: boolean;
  /** Set-user-ID or set-group-ID. */
  readonly setsId: boolean;
}

/** Reads a mode; undefined for what is none. */
export function fileMode(text: string): FileMode | undefined {
  if (/^=?[0-7]{1,5}$/.test(text)) {
    const bits = Number.parseInt(text.replace('=', ''), 8);
    return { isWorldWritable: (bits & 0o2) !== 0 && (bits & 0o1000) === 0, setsId: (bits & 0o6000) !== 0 };
  }
  if (text.length > 100 || !/^[ugoa]*([-+=][rwxXst]*)+(,[ugoa]*([-+=][rwxXst]*)+)*$/.test(text)) return undefined;
  let isWorldWritable = false;
  let [isSticky, setsId] = [false, false];
  for (const clause of text.split(',')) {
    const who = /^[ugoa]*/.exec(clause)?.[0] ?? '';
    for (const [, operator, permissions = ''] of clause.matchAll(/([-+=])([rwxXst]*)/g)) {
      const isGiven = operator !== '-';
      // Without a letter in front, the umask counts: mostly 022, which takes w from everybody.
      if (/[oa]/.test(who)) isWorldWritable = permissions.includes('w') ? isGiven : isWorldWritable && operator !== '=';
      if (permissions.includes('t')) isSticky = isGiven;
      if (permissions.includes('s') && who !== 'o') setsId = isGiven;
    }
  }
  return { isWorldWritable: isWorldWritable && !isSticky, setsId };
}
