import type { Layer } from '../layers/image.ts';
import { readBodies } from '../layers/read-bodies.ts';
import { maskVariable } from '../layers/secret.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import { findSecrets, isMadeUp, MASK } from '../report/secrets.ts';
import type { Found } from './image-rules.ts';

/** As much of a file is looked at; keys and credentials are short. */
const MOST_BYTES = 64 * 1024;
/** Files looked at in one layer. */
const MOST_FILES = 2000;

/** Files of these names may hold a secret; what is in them tells. */
const CANDIDATE =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|\.npmrc|\.yarnrc(?:\.yml)?|\.netrc|_netrc|\.git-credentials|\.pypirc|\.pgpass|\.my\.cnf|\.boto|\.s3cfg|\.dockercfg|\.docker\/config\.json|\.aws\/(?:credentials|config)|\.kube\/config|\.gem\/credentials|\.cargo\/credentials(?:\.toml)?|\.terraformrc|\.env(?:\.[\w-]+)?|[^/]*\.env|[^/]*\.(?:pem|key|ppk)|[^/]*credentials?[^/]*\.json|service[-_]account[^/]*\.json|secrets?\.(?:ya?ml|json|toml))$/i;
/** Keys that everybody has: of tests, documentation and examples. */
const INNOCENT = /(?:^|\/)(?:tests?|testdata|__tests__|fixtures|examples?|samples?|doc|docs)\//i;

interface Sign {
  readonly path?: RegExp;
  readonly pattern: RegExp;
  readonly kind: string;
}

const SIGNS: readonly Sign[] = [
  { pattern: /^PuTTY-User-Key-File-\d/m, kind: 'a private key' },
  { path: /netrc$/, pattern: /\bpassword\s+\S{4}/, kind: 'a password' },
  { path: /\.git-credentials$/, pattern: /:\/\/[^\s/:@]+:[^\s/@]+@/, kind: 'a password' },
  {
    path: /\.(?:npmrc|yarnrc(?:\.yml)?)$/,
    pattern: /(?:_authToken|_auth|_password|npmAuthToken)["']?\s*[=:]\s*["']?[^\s$"'{][^\s"']{7}/,
    kind: 'a registry token',
  },
  { path: /\.pypirc$/, pattern: /^\s*password\s*[:=]\s*\S{4}/m, kind: 'a registry password' },
  {
    path: /\.docker(?:cfg|\/config\.json)$/,
    pattern: /"(?:auth|identitytoken)"\s*:\s*"[^"]{4}/,
    kind: 'a registry login',
  },
  {
    path: /\.aws\/|\.boto$|\.s3cfg$/,
    pattern: /(?:aws_secret_access_key|secret_key)\s*=\s*[^\s]{16}/i,
    kind: 'an AWS key',
  },
  { path: /\.kube\/config$/, pattern: /^\s*(?:token|client-key-data|password)\s*:\s*\S{8}/m, kind: 'a cluster login' },
  { path: /credentials(?:\.toml)?$/, pattern: /(?:token|api[_-]?key)\s*[=:]\s*["']?\S{16}/i, kind: 'a registry token' },
  { path: /\.json$/, pattern: /"private_key"\s*:\s*"-----BEGIN/, kind: 'a private key' },
  {
    path: /\.(?:pgpass|my\.cnf)$/,
    pattern: /^[^\s#:]+:[^:\s]+:[^:\s]*:[^:\s]*:\S{4}|^\s*password\s*=\s*\S{4}/m,
    kind: 'a password',
  },
];

/** Files that hold a secret, in whichever layer, also where a later one removes them. What they hold is never told. */
export async function findSecretFiles({ image, records, tree }: StackedImage, signal?: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  for (const [i, { entries }] of records.entries()) {
    const layer = image.layers[i] as Layer;
    const wanted: number[] = [];
    for (let index = 0; index < entries.length && wanted.length < MOST_FILES; index++) {
      if (entries.kind(index) !== 'file' || entries.size(index) < 8) continue;
      const path = entries.path(index);
      if (CANDIDATE.test(path) && !INNOCENT.test(path)) wanted.push(index);
    }
    const ranges = wanted.map((index) => ({
      bodyOffset: entries.bodyOffset(index),
      size: Math.min(MOST_BYTES, entries.size(index)),
    }));
    const where = `${image.reference}: layer ${layer.index}`;
    const bodies = await readBodies(layer.at, ranges, { where, ...(signal && { signal }) });
    for (const [at, index] of wanted.entries()) {
      const path = entries.path(index);
      const kind = secretIn(path, Buffer.from(bodies[at] as Uint8Array).toString('latin1'));
      if (kind === undefined) continue;
      const isLive = tree.get(path)?.layer === layer.index && tree.get(path)?.index === index;
      const note = isLive ? '' : '; a later layer hides it, and it is stored all the same';
      found.push({ rule: 'image-secret-file', message: `the file holds ${kind}${note}`, path, layer: layer.index });
    }
  }
  return found;
}

/** What kind of secret a text holds. */
export function secretIn(path: string, text: string): string | undefined {
  const sign = SIGNS.find(
    ({ path: names, pattern }) => (names === undefined || names.test(path)) && pattern.test(text),
  );
  if (sign) return sign.kind;
  const [secret] = findSecrets(text);
  return secret && `${/^[AEIOU]/.test(secret.kind) ? 'an' : 'a'} ${secret.kind}`;
}

/** Variables of the environment whose value is a secret by its name or its shape. */
export function* findSecretVariables({ image }: StackedImage): Generator<Found> {
  for (const variable of image.config.env) {
    const equals = variable.indexOf('=');
    const [name, value] = [variable.slice(0, equals), variable.slice(equals + 1)];
    if (equals < 0 || !maskVariable(variable).includes(MASK) || isMadeUp(value)) continue;
    yield { rule: 'image-secret-env', message: `the variable ${name} holds a secret`, subject: name };
  }
}
