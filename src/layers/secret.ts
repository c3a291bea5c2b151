/**
 * Finds secrets in what an image says about itself (environment, history, labels), so that reports never print one.
 * By name (`DB_PASSWORD=…`, `--token …`), and by the shape of known tokens, wherever they stand.
 */

export const MASK = '********';

const NAME_PARTS =
  /(?:^|[_.-])(?:pass(?:wd|word|phrase)?s?|pwd|pw|secrets?|tokens?|api[_-]?keys?|credentials?|creds?|auth|bearer|private[_-]?key|signing[_-]?key|encryption[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|master[_-]?key|ssh[_-]?key|deploy[_-]?key|license[_-]?key|dsn|cookie|jwt|pat)(?:$|[_.-])/i;
/** `DBPASSWORD`, `githubToken`, `apikey`: without a separator, but not a word that means something else. */
const NAME_ENDINGS =
  /(?:password|passwd|passphrase|secret|token|apikey|privatekey|accesskey|secretkey|credentials)\d*$/i;
const KEY = /(?:^|[_.-])key$/i;
/** Keys that are meant to be public: `GPG_KEY` of the python image is a fingerprint. */
const PUBLIC_KEY = /(?:gpg|pgp|public|pub|apt|signing_by|host|cache|primary|sort|foreign)s?[_.-]?keys?$/i;
/** A name that says where something is or how it behaves, not what it is. */
const ABOUT =
  /(?:[_.-](?:files?|path|dir|directory|url|uri|host|port|endpoint|sock|socket|name|ttl|timeout|expiry|expiration|expires|enabled?|disabled?|required|type|method|mode|length|size|min|max|algorithm|algo|issuer|audience|header|realm|provider|server|service|version|store|user|username))$|^(?:old)?pwd$/i;

/** Whether a variable or option of this name is likely to hold a secret. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  if (ABOUT.test(words)) return false;
  return NAME_PARTS.test(words) || NAME_ENDINGS.test(words) || (KEY.test(words) && !PUBLIC_KEY.test(words));
}

/** Tokens that show by their shape. The part to hide is group 2 where there is one, else all. */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,-]{0,65536}/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g,
  /\bgl(?:pat|ptt|dt|rt|cbt|ft|soat)-[A-Za-z0-9_-]{16,255}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,255}/g,
  /\bsk-[A-Za-z0-9_-]{20,255}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bnpm_[A-Za-z0-9]{30,255}/g,
  /\bpypi-[A-Za-z0-9_-]{16,1000}/g,
  /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{16,255}/g,
  /\bhf_[A-Za-z0-9]{20,255}/g,
  /\bhv[sbr]\.[A-Za-z0-9_-]{20,255}/g,
  /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g,
  /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,8192}\.[A-Za-z0-9_-]{0,1024}/g,
  /(\b[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/[^\s/?#:@'"]{0,255}:)([^\s/?#@'"]{1,1024})(?=@)/g,
  /(\b(?:authorization|proxy-authorization)\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)?\s{0,4})([^\s"']{4,4096})/gi,
];

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
  return SHAPES.reduce((masked, shape) => masked.replace(shape, maskGroup), named);
}

/** What builders write before variables without quotes, where a value with spaces ends only at the next name. */
const BEFORE_VARIABLES = /^(?:(?:RUN\s{1,8})?\|\d{1,6}\s|(?:\/[\w./-]{1,64}sh -c #\(nop\)\s{1,8})?(?:ENV|ARG|LABEL)\s)/;
const COMMAND_AFTER_ARGUMENTS = /\s\/[\w./-]{0,256}sh\s/;
const BUILDKIT = ' # buildkit';

/** Hides secrets in a `created_by` of the history, as builders write it. */
export function maskCreatedBy(createdBy: string): string {
  const before = BEFORE_VARIABLES.exec(createdBy)?.[0];
  if (before === undefined) return maskText(createdBy);
  const text = createdBy.endsWith(BUILDKIT) ? createdBy.slice(0, -BUILDKIT.length) : createdBy;
  const command = before.includes('|') ? COMMAND_AFTER_ARGUMENTS.exec(text)?.index : undefined;
  const variables = text.slice(before.length, command);
  const masked = variables
    .split(/\s(?=[A-Za-z_][\w.-]{0,256}=)/)
    .map(maskVariable)
    .join(' ');
  return maskText(before + masked + createdBy.slice(command ?? text.length));
}

/** Hides the value of an environment entry `NAME=value`. */
export function maskVariable(variable: string): string {
  const equals = variable.indexOf('=');
  if (equals < 0) return maskText(variable);
  const name = variable.slice(0, equals);
  const value = variable.slice(equals + 1);
  return `${name}=${holdsSecret(name, value) ? MASK : maskText(value)}`;
}

/** Every text is searched for every value, so a config of nothing but secrets must not have thousands of them. */
const MOST_VALUES = 256;

/** Values of secret variables: hide them wherever else they are repeated. Short ones would hit innocent words. */
export function secretValues(variables: readonly string[]): string[] {
  const values: string[] = [];
  for (const variable of variables) {
    const equals = variable.indexOf('=');
    const value = variable.slice(equals + 1);
    if (equals > 0 && value.length >= 6 && holdsSecret(variable.slice(0, equals), value)) values.push(value);
  }
  return values.sort((a, b) => b.length - a.length).slice(0, MOST_VALUES);
}

/** Nothing to hide: no value, a variable, a switch. */
const OPEN_VALUE = /^["']?(?:|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|\$\(|true|false|yes|no|on|off|none|null|\*+)["']?$/i;

function holdsSecret(name: string, value: string): boolean {
  return isSecretName(name.replace(/^-+/, '')) && !OPEN_VALUE.test(value);
}

function maskGroup(all: string, ...groups: unknown[]): string {
  const [kept, hidden] = groups;
  return typeof hidden === 'string' && typeof kept === 'string' && typeof groups[2] === 'number'
    ? kept + MASK
    : all && MASK;
}
