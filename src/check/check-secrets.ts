import type { EntryTable } from '../layers/entry-table.ts';
import type { Layer } from '../layers/image.ts';
import type { ProbeTable } from '../layers/probes/index.ts';
import { type Reading, readProbe } from '../layers/probes/read.ts';
import { readBodies } from '../layers/read-bodies.ts';
import type { ProbeRequest } from '../layers/record.ts';
import { maskVariable } from '../layers/secret.ts';
import type { StackedImage } from '../layers/stacked-image.ts';
import { findSecrets, isMadeUp, MASK } from '../report/secrets.ts';
import type { Found } from './image-rules.ts';

/** As much of a file is looked at; keys and credentials are short. */
const MOST_BYTES = 64 * 1024;
/** Shorter ones hold none. */
const LEAST_BYTES = 8;
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

/** Finds secrets while a layer passes whose bodies cannot be read afterwards. */
export const secretProbes: readonly ProbeRequest[] = [{ name: 'read', options: { readers: ['secret@1'] } }];
export const secretProbeTable: ProbeTable = {
  read: readProbe([
    {
      name: 'secret',
      version: 1,
      wants: ({ path, size }) => size >= LEAST_BYTES && isCandidate(path),
      read: (bytes, path) => secretIn(path, bytes.slice(0, MOST_BYTES).toString('latin1')),
    },
  ]),
};

function isCandidate(path: string): boolean {
  return CANDIDATE.test(path) && !INNOCENT.test(path);
}

/** Files that hold a secret, in whichever layer, also where a later one removes them. What they hold is never told. */
export async function findSecretFiles(stacked: StackedImage, signal?: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  for (const [i, record] of stacked.records.entries()) {
    const layer = stacked.image.layers[i] as Layer;
    const passed = record.facts.read as readonly Reading[][] | undefined;
    const kinds = passed
      ? new Map(passed.flat().map(({ entry, value }) => [entry, value as string]))
      : await readKinds(record.entries, layer, `${stacked.image.reference}: layer ${layer.index}`, signal);
    for (const [index, kind] of kinds)
      found.push(secretFile(stacked.tree, record.entries.path(index), layer.index, index, kind));
  }
  return found;
}

function secretFile(tree: StackedImage['tree'], path: string, layer: number, index: number, kind: string): Found {
  const live = tree.get(path);
  const isLive = live?.layer === layer && live.index === index;
  const note = isLive ? '' : '; a later layer hides it, and it is stored all the same';
  return { rule: 'image-secret-file', message: `the file holds ${kind}${note}`, path, layer };
}

/** By entry of a layer: what kind of secret it holds. */
async function readKinds(
  entries: EntryTable,
  layer: Layer,
  where: string,
  signal: AbortSignal | undefined,
): Promise<Map<number, string>> {
  const wanted: number[] = [];
  for (let index = 0; index < entries.length && wanted.length < MOST_FILES; index++) {
    if (entries.kind(index) !== 'file' || entries.size(index) < LEAST_BYTES) continue;
    if (isCandidate(entries.path(index))) wanted.push(index);
  }
  const ranges = wanted.map((index) => ({
    bodyOffset: entries.bodyOffset(index),
    size: Math.min(MOST_BYTES, entries.size(index)),
  }));
  const bodies = await readBodies(layer.at, ranges, { where, ...(signal && { signal }) });
  const kinds = new Map<number, string>();
  for (const [at, index] of wanted.entries()) {
    const kind = secretIn(entries.path(index), Buffer.from(bodies[at] as Uint8Array).toString('latin1'));
    if (kind !== undefined) kinds.set(index, kind);
  }
  return kinds;
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
