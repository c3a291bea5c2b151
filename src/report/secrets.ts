/**
 * What secrets look like: by the name of a variable, and by the shape of known tokens.
 * The linter reports them; image reports hide them.
 */

export const MASK = '********';

/*
 * Names are looked at word by word, in sets: expressions with all these words take V8 a millisecond to compile, which
 * every start would pay.
 */
const SECRET_WORDS = new Set(
  `pass passwd password passphrase passwds passwords passphrases pwd pw pword secret secrets token tokens
  apikey apikeys credential credentials cred creds auth bearer privatekey signingkey encryptionkey accesskey accesskeyid
  secretkey masterkey sshkey deploykey licensekey dsn cookie jwt pat`.split(/\s+/),
);
/** What a key is for that is none to publish: `private_key`, `ssh-key`. */
const KEY_OWNERS = new Set('api private signing encryption access secret master ssh deploy license'.split(' '));
/** `DBPASSWORD`, `githubToken`, `apikey`: without a separator, but not a word that means something else. */
const NAME_ENDINGS =
  /(?:password|passwd|passphrase|secret|token|apikey|privatekey|accesskey|secretkey|credentials)\d*$/i;
/** Keys that are meant to be public: `GPG_KEY` of the python image is a fingerprint. */
const PUBLIC_KEY = /(?:gpg|pgp|public|pub|apt|signing_by|host|cache|primary|sort|foreign)s?[_.-]?keys?$/i;
/** Last words of names that say where something is or how it behaves, not what it is. */
const ABOUT_WORDS = new Set(
  `file files path dir directory url uri host port endpoint sock socket name ttl timeout expiry expiration expires enable
  enabled disable disabled required type method mode length size min max algorithm algo issuer audience header realm
  provider server service version store user username sha sha1 sha256 sha512 shasum sha1sum sha256sum sha512sum shasums
  sha1sums sha256sums sha512sums checksum checksums digest md5 commit revision ref tag branch image repo repository
  package plugin module`.split(/\s+/),
);

/** Whether a variable or option of this name is likely to hold a secret. */
export function isSecretName(name: string): boolean {
  if (!mayNameSecret(name)) return false;
  const text = spaced(name);
  const words = wordsOf(text);
  if (isAbout(words)) return false;
  return holdsSecretWord(words) || NAME_ENDINGS.test(text) || (isKey(words) && !PUBLIC_KEY.test(text));
}

/** Named `…KEY` and nothing more: it may as well be the key of a map. */
export function isKeyName(name: string): boolean {
  const text = spaced(name);
  const words = wordsOf(text);
  return isKey(words) && !holdsSecretWord(words) && !NAME_ENDINGS.test(text);
}

function isAbout(words: readonly Word[]): boolean {
  const { text, before } = words.at(-1) as Word;
  if (before === '') return text === 'pwd' || text === 'oldpwd';
  return ABOUT_WORDS.has(text);
}

function isKey(words: readonly Word[]): boolean {
  return words.at(-1)?.text === 'key';
}

function holdsSecretWord(words: readonly Word[]): boolean {
  return words.some(
    ({ text, before }, i) => SECRET_WORDS.has(text) || (before !== '.' && isOwnedKey(text, words[i - 1])),
  );
}

/** `api_key`, `api-keys`, `access_keyid` */
function isOwnedKey(text: string, owner: Word | undefined): boolean {
  if (!owner || !KEY_OWNERS.has(owner.text)) return false;
  return text === 'key' || (text === 'keys' && owner.text === 'api') || (text === 'keyid' && owner.text === 'access');
}

/** Part of a name, in lower case. */
interface Word {
  readonly text: string;
  /** What separates it from the word before; empty for the first. */
  readonly before: string;
}

function wordsOf(name: string): readonly Word[] {
  const words: Word[] = [];
  const text = name.toLowerCase();
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !'_.-'.includes(text.charAt(at))) continue;
    words.push({ text: text.slice(start, at), before: text.slice(start - 1, start) });
    start = at + 1;
  }
  return words;
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
