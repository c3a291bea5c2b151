/**
 * What secrets look like: by the name of a variable, and by the shape of known tokens.
 * The linter reports them; image reports hide them.
 */

export const MASK = '********';

const NAME_PARTS =
  /(?:^|[_.-])(?:pass(?:wd|word|phrase)?s?|pwd|pw|pword|secrets?|tokens?|api[_-]?keys?|credentials?|creds?|auth|bearer|private[_-]?key|signing[_-]?key|encryption[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|master[_-]?key|ssh[_-]?key|deploy[_-]?key|license[_-]?key|dsn|cookie|jwt|pat)(?:$|[_.-])/i;
/** `DBPASSWORD`, `githubToken`, `apikey`: without a separator, but not a word that means something else. */
const NAME_ENDINGS =
  /(?:password|passwd|passphrase|secret|token|apikey|privatekey|accesskey|secretkey|credentials)\d*$/i;
const KEY = /(?:^|[_.-])key$/i;
/** Keys that are meant to be public: `GPG_KEY` of the python image is a fingerprint. */
const PUBLIC_KEY = /(?:gpg|pgp|public|pub|apt|signing_by|host|cache|primary|sort|foreign)s?[_.-]?keys?$/i;
/** A name that says where something is or how it behaves, not what it is. */
const ABOUT =
  /(?:[_.-](?:files?|path|dir|directory|url|uri|host|port|endpoint|sock|socket|name|ttl|timeout|expiry|expiration|expires|enabled?|disabled?|required|type|method|mode|length|size|min|max|algorithm|algo|issuer|audience|header|realm|provider|server|service|version|store|user|username|sha(?:1|256|512)?(?:sums?)?|checksums?|digest|md5|commit|revision|ref|tag|branch|image|repo|repository|package|plugin|module))$|^(?:old)?pwd$/i;

/** Whether a variable or option of this name is likely to hold a secret. */
export function isSecretName(name: string): boolean {
  if (!mayNameSecret(name)) return false;
  const words = spaced(name);
  if (ABOUT.test(words)) return false;
  return NAME_PARTS.test(words) || NAME_ENDINGS.test(words) || (KEY.test(words) && !PUBLIC_KEY.test(words));
}

/** Named `…KEY` and nothing more: it may as well be the key of a map. */
export function isKeyName(name: string): boolean {
  const words = spaced(name);
  return KEY.test(words) && !NAME_PARTS.test(words) && !NAME_ENDINGS.test(words);
}

const SIGNS = ['pass', 'pw', 'secret', 'token', 'key', 'cred', 'auth', 'bearer', 'dsn', 'cookie', 'jwt', 'pat'];

/** False for most names, and sooner known than what the expressions say: compiling them takes milliseconds. */
function mayNameSecret(name: string): boolean {
  const words = name.toLowerCase().replaceAll('path', '');
  return SIGNS.some((sign) => words.includes(sign));
}

/** `camelCase` with separators. */
function spaced(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
}

/** Nothing to hide: no value, a variable, a switch. */
const OPEN_VALUE = /^["']?(?:|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|\$\(|true|false|yes|no|on|off|none|null|\*+)["']?$/i;

/** Whether a value is empty, a variable or a switch, so that it gives nothing away. */
export function isOpenValue(value: string): boolean {
  return OPEN_VALUE.test(value);
}

/** Whether `name=value`, or `--name value`, gives a secret away. */
export function holdsSecret(name: string, value: string): boolean {
  return isSecretName(name.replace(/^-+/, '')) && !isOpenValue(value);
}

/** How a kind of secret is written. The part to hide is group 2 where there is one, else all. */
interface Shape {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Not proof enough to say so: it may be public, or an innocent word. It is hidden all the same. */
  readonly isVague?: boolean;
  /** Shorter ones are talk about the thing, in UTF-16 units. */
  readonly leastLength?: number;
}

const SHAPES: readonly Shape[] = [
  {
    kind: 'private key',
    pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,-]{0,65536}/g,
    leastLength: 100,
  },
  { kind: 'AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g },
  { kind: 'GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g },
  { kind: 'GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt|cbt|ft|soat)-[A-Za-z0-9_-]{16,255}/g },
  { kind: 'Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g },
  { kind: 'Slack webhook', pattern: /(\bhooks\.slack\.com\/(?:services|workflows)\/)([A-Za-z0-9/_-]{20,255})/g },
  { kind: 'Stripe key', pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}/g },
  { kind: 'Stripe key', pattern: /\bpk_(?:live|test)_[A-Za-z0-9]{10,255}/g, isVague: true },
  { kind: 'API key', pattern: /\bsk-[A-Za-z0-9_-]{20,255}/g },
  { kind: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'Google OAuth secret', pattern: /\bGOCSPX-[A-Za-z0-9_-]{20,64}/g },
  { kind: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{30,255}/g },
  { kind: 'PyPI token', pattern: /\bpypi-AgE[A-Za-z0-9_-]{16,1000}/g },
  { kind: 'PyPI token', pattern: /\bpypi-[A-Za-z0-9_-]{16,1000}/g, isVague: true },
  { kind: 'RubyGems key', pattern: /\brubygems_[0-9a-f]{40,64}\b/g },
  { kind: 'Docker token', pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{16,255}/g },
  { kind: 'DigitalOcean token', pattern: /\bdo[opr]_v1_[0-9a-f]{40,80}/g },
  { kind: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{20,255}/g },
  { kind: 'Vault token', pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{20,255}/g },
  { kind: 'SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g },
  { kind: 'Grafana token', pattern: /\bgl(?:sa|c)_[A-Za-z0-9_+/=-]{30,400}/g },
  { kind: 'age key', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{50,60}/g },
  { kind: 'Azure account key', pattern: /(\bAccountKey=)([A-Za-z0-9+/]{60,100}={0,2})/g },
  { kind: 'JSON Web Token', pattern: /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,8192}\.[A-Za-z0-9_-]{0,1024}/g },
  {
    kind: 'password in an address',
    pattern: /(\b[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/[^\s/?#:@'"]{0,255}:)([^\s/?#@'"]{1,1024})(?=@)/g,
    isVague: true,
  },
  {
    kind: 'Authorization header',
    pattern:
      /(\b(?:authorization|proxy-authorization)\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)?\s{0,4})([^\s"']{4,4096})/gi,
    isVague: true,
  },
];

/** Any of the shapes that are proof, so that most texts are looked through once. */
const CERTAIN = new RegExp(
  SHAPES.filter(({ isVague }) => !isVague)
    .map(({ pattern }) => pattern.source)
    .join('|'),
);

/** A secret in a text, in UTF-16 units. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  /** `GitHub token` */
  readonly kind: string;
}

/** Tokens and keys that show by their shape, in order. Made-up ones (`AKIA…EXAMPLE`, `ghp_xxxx`) are none. */
export function findSecrets(text: string): readonly FoundSecret[] {
  if (!CERTAIN.test(text)) return [];
  const found: FoundSecret[] = [];
  for (const { kind, pattern, isVague, leastLength = 0 } of SHAPES) {
    if (isVague) continue;
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
