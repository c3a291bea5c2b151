/**
 * Which of two versions is the newer one: negative when `a` is older, 0 when that cannot be told. Debian's algorithm
 * (deb-version(7)) for its packages; elsewhere numbers count as numbers, and a pre-release (`1.0-rc1`, `1.0.0a2`,
 * SemVer's `-alpha`) comes before its release.
 */
export function compareVersions(ecosystem: string, a: string, b: string): number {
  if (a === b) return 0;
  return ecosystem === 'deb' || ecosystem === 'rpm' ? compareSystem(a, b) : compareLoosely(a, b);
}

/** `[epoch:]upstream[-revision]`. */
function compareSystem(a: string, b: string): number {
  const [old, young] = [splitSystem(a), splitSystem(b)];
  return (
    old.epoch - young.epoch || compareParts(old.upstream, young.upstream) || compareParts(old.revision, young.revision)
  );
}

function splitSystem(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = ''] = /^(?:(\d{1,9}):)?(.*)$/s.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch: Number(epoch), upstream: rest, revision: '' }
    : { epoch: Number(epoch), upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Runs of digits as numbers, others by character: `~` before the end, letters before the rest. */
function compareParts(a: string, b: string): number {
  const [old, young] = [runs(a), runs(b)];
  for (let i = 0; i < Math.max(old.length, young.length); i++) {
    const order =
      i % 2 === 0 ? compareText(old[i] ?? '', young[i] ?? '') : compareNumbers(old[i] ?? '', young[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** Text and digits in turn; the first is text, and may be empty. */
function runs(text: string): string[] {
  const found = text.match(/\d+|\D+/g) ?? [];
  return /^\d/.test(text) ? ['', ...found] : found;
}

function compareText(a: string, b: string): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = weight(a[i]) - weight(b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

/** Digits of any length. */
function compareNumbers(a: string, b: string): number {
  const [old, young] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return old.length - young.length || (old < young ? -1 : old > young ? 1 : 0);
}

const PRE_RELEASE = /^(?:a|alpha|b|beta|c|rc|pre|preview|dev|snapshot|canary|next|nightly|m|milestone)$/;
/** Build metadata, post-releases and packagers' revisions: after the release that they are of. */
const AFTER_RELEASE = /^(?:post|rev|r|p|patch|sp|ga|final)$/;

function compareLoosely(a: string, b: string): number {
  const [old, young] = [tokens(a), tokens(b)];
  for (let i = 0; i < Math.max(old.length, young.length); i++) {
    const order = compareTokens(old[i], young[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function tokens(version: string): string[] {
  return (
    version
      .toLowerCase()
      .replace(/^v(?=\d)/, '')
      .replace(/\+.*$/s, '')
      .match(/\d+|[a-z]+/g) ?? []
  );
}

/** pre-release < nothing < text < number */
function compareTokens(a: string | undefined, b: string | undefined): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA - rankB;
  if (a === undefined || b === undefined) return 0;
  return rankA === 4 ? compareNumbers(a, b) : a < b ? -1 : a > b ? 1 : 0;
}

function rank(token: string | undefined): number {
  if (token === undefined) return 1;
  if (/^\d/.test(token)) return 4;
  if (PRE_RELEASE.test(token)) return 0;
  return AFTER_RELEASE.test(token) ? 2 : 3;
}
