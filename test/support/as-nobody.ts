const NOBODY = 65_534;

/** Runs it as somebody to whom permissions apply: root may read everything. Folders on the way must be open to all. */
export async function asNobody<T>(run: () => T | Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return await run();
  process.seteuid?.(NOBODY);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
