/**
 * What secrets look like by the shape of known tokens, and texts without them. The linter reports them; image reports hide
 * them.
 */

import { holdsSecret, isSecretName } from './secret-names.ts';

export const MASK = '********';

/** How a kind of secret is written. The part to hide is group 2 where there is one, else all. */
interface Shape {
  readonly kind: string;
  /** Every secret of this kind holds one of these: most texts are not searched for more. */
  readonly signs: readonly string[];
  readonly pattern: RegExp;
  /** Not proof enough to say so: it may be public, or an innocent word. It is hidden all the same. */
  readonly isVague?: boolean;
  /** Shorter ones are talk about the thing, in UTF-16 units. */
  readonly leastLength?: number;
}

const SHAPES: readonly Shape[] = [
  {
    kind: 'private key',
    signs: ['-----BEGIN'],
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,-]{0,65536}/g,
    leastLength: 100,
  },
  {
    kind: 'AWS access key',
    signs: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g,
  },
  {
    kind: 'GitHub token',
    signs: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g,
  },
  {
    kind: 'GitLab token',
    signs: ['glpat-', 'glptt-', 'gldt-', 'glrt-', 'glcbt-', 'glft-', 'glsoat-'],
    pattern: /\bgl(?:pat|ptt|dt|rt|cbt|ft|soat)-[A-Za-z0-9_-]{16,255}/g,
  },
  { kind: 'Slack token', signs: ['xox'], pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g },
  {
    kind: 'Slack webhook',
    signs: ['hooks.slack.com/'],
    pattern: /(\bhooks\.slack\.com\/(?:services|workflows)\/)([A-Za-z0-9/_-]{20,255})/g,
  },
  { kind: 'Stripe key', signs: ['k_live_', 'k_test_'], pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}/g },
  {
    kind: 'Stripe key',
    signs: ['k_live_', 'k_test_'],
    pattern: /\bpk_(?:live|test)_[A-Za-z0-9]{10,255}/g,
    isVague: true,
  },
  { kind: 'API key', signs: ['sk-'], pattern: /\bsk-[A-Za-z0-9_-]{20,255}/g },
  { kind: 'Google API key', signs: ['AIza'], pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'Google OAuth secret', signs: ['GOCSPX-'], pattern: /\bGOCSPX-[A-Za-z0-9_-]{20,64}/g },
  { kind: 'npm token', signs: ['npm_'], pattern: /\bnpm_[A-Za-z0-9]{30,255}/g },
  { kind: 'PyPI token', signs: ['pypi-'], pattern: /\bpypi-AgE[A-Za-z0-9_-]{16,1000}/g },
  { kind: 'PyPI token', signs: ['pypi-'], pattern: /\bpypi-[A-Za-z0-9_-]{16,1000}/g, isVague: true },
  { kind: 'RubyGems key', signs: ['rubygems_'], pattern: /\brubygems_[0-9a-f]{40,64}\b/g },
  { kind: 'Docker token', signs: ['dckr_'], pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{16,255}/g },
  { kind: 'DigitalOcean token', signs: ['_v1_'], pattern: /\bdo[opr]_v1_[0-9a-f]{40,80}/g },
  { kind: 'Hugging Face token', signs: ['hf_'], pattern: /\bhf_[A-Za-z0-9]{20,255}/g },
  { kind: 'Vault token', signs: ['hvs.', 'hvb.', 'hvr.'], pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{20,255}/g },
  { kind: 'SendGrid key', signs: ['SG.'], pattern: /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g },
  { kind: 'Grafana token', signs: ['glsa_', 'glc_'], pattern: /\bgl(?:sa|c)_[A-Za-z0-9_+/=-]{30,400}/g },
  { kind: 'age key', signs: ['AGE-SECRET-KEY-1'], pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{50,60}/g },
  { kind: 'Azure account key', signs: ['AccountKey='], pattern: /(\bAccountKey=)([A-Za-z0-9+/]{60,100}={0,2})/g },
  {
    kind: 'JSON Web Token',
    signs: ['eyJ'],
    pattern: /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,8192}\.[A-Za-z0-9_-]{0,1024}/g,
  },
  {
    kind: 'password in an address',
    signs: ['://'],
    pattern: /(\b[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/[^\s/?#:@'"]{0,255}:)([^\s/?#@'"]{1,1024})(?=@)/g,
    isVague: true,
  },
  {
    kind: 'Authorization header',
    signs: [':', '='],
    pattern:
      /(\b(?:authorization|proxy-authorization)\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)?\s{0,4})([^\s"']{4,4096})/gi,
    isVague: true,
  },
];

/** A secret in a text, in UTF-16 units. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** `GitHub token` */
  readonly kind: string;
}

/** Tokens and keys that show by their shape, in order. Made-up ones (`AKIA…EXAMPLE`, `ghp_xxxx`) are none. */
export function findSecrets(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const { kind, signs, pattern, isVague, leastLength = 0 } of SHAPES) {
    if (isVague || !signs.some((sign) => text.includes(sign))) continue;
    for (const match of text.matchAll(pattern)) {
      const hidden = match[2] ?? match[0];
      if (hidden.length < leastLength || isMadeUp(hidden)) continue;
      const end = match.index + match[0].length;
      found.push({ start: end - hidden.length, end, kind });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

const PLACEHOLDER =
  /example|x{4}|\*{3}|\.{3}|(?:your|my|dummy|fake|test|sample|change)[_-]?(?:token|key|secret|password|me)|0{8}|1234567|abcdef/i;

/** Written to be read by people: a placeholder, or too even to be random. */
export function isMadeUp(value: string): boolean {
  return PLACEHOLDER.test(value) || entropy(value) < 2.8;
}

/** Shannon entropy of a text, in bits per UTF-16 unit. Random hexadecimal digits have up to 4, random letters and digits up to 6. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text.slice(0, 4096)) counts.set(character, (counts.get(character) ?? 0) + 1);
  const total = Math.min(text.length, 4096);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

/** `NAME=value` and `name: value`, the value bare or quoted. */
const ASSIGNMENT =
  /(?<![A-Za-z0-9_.-])(-{0,2}[A-Za-z_][A-Za-z0-9_.-]{0,127})=("(?:[^"\\]|\\.){0,8192}"|'[^']{0,8192}'|[^\s"'&|;<>()]+)/g;
/** `--password value`. */
const OPTION =
  /(?<![A-Za-z0-9_.-])(--[A-Za-z][A-Za-z0-9_-]{0,127})(\s{1,8})("(?:[^"\\]|\\.){0,8192}"|'[^']{0,8192}'|[^\s"'&|;<>()-][^\s"'&|;<>()]*)/g;
/** `curl -u user:password`. */
const USER = /((?:^|\s)(?:-u|--user)[ =]["']?[^\s:"']{1,255}:)([^\s"']{1,1024})/g;

/** Hides secrets in any text: commands, labels, values. */
export function maskText(text: string): string {
  const named = text
    .replace(ASSIGNMENT, (all, name: string, value: string) => (holdsSecret(name, value) ? `${name}=${MASK}` : all))
    .replace(OPTION, (all, name: string, space: string) => (isSecretName(name.slice(2)) ? name + space + MASK : all))
    .replace(USER, `$1${MASK}`);
  return SHAPES.reduce((masked, { pattern }) => masked.replace(pattern, maskGroup), named);
}

function maskGroup(all: string, ...groups: unknown[]): string {
  const [kept, hidden] = groups;
  return typeof hidden === 'string' && typeof kept === 'string' && typeof groups[2] === 'number'
    ? kept + MASK
    : all && MASK;
}
