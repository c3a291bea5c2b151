/**
 * A name for a finding that stays when lines move: two 32-bit FNV-1a hashes with different beginnings, as 16 hex
 * digits. It tells findings of one file apart; it protects nothing, so no cryptographic hash is loaded for it.
 */
export function fingerprint(rule: string, path: string, text: string, repeat: number): string {
  const key = `${rule}\0${path}\0${text.replace(/\s+/g, ' ').trim()}\0${repeat}`;
  return fnv(key, 0x811c9dc5) + fnv(key, 0x9e3779b9);
}

function fnv(key: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193);
  }
  // Spreads the last units over all bits (the finaliser of MurmurHash3).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
