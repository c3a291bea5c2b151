/** What secrets look like by the name of a variable or option. */

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
