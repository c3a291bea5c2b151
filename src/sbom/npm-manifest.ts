import { isRecord, stringOf } from './json.ts';
import { expressionOf } from './license.ts';
import type { Package, Party } from './package.ts';
import { parseParty } from './party.ts';

type Manifest = Readonly<Record<string, unknown>>;

/** `license` as a text or the old object; `licenses`, the old list, of which one may be chosen (npm docs, package.json). */
export function npmLicense(manifest: Manifest): Pick<Package, 'declaredLicense' | 'concludedLicense'> {
  const listed = Array.isArray(manifest.licenses) ? manifest.licenses : [manifest.licenses];
  const names = [manifest.license, ...listed].map(nameOf).filter((name) => name !== undefined);
  const distinct = [...new Set(names)].slice(0, 50);
  if (distinct.length === 0) return {};
  const declared = distinct.length === 1 ? (distinct[0] as string) : distinct.join(' OR ');
  // "UNLICENSED" and "SEE LICENSE IN file" name no licence.
  const concluded = distinct.some((name) => /^(unlicensed|see licen[cs]e)/i.test(name))
    ? undefined
    : expressionOf(distinct.length === 1 ? declared : distinct.map((name) => `(${name})`).join(' or '));
  return { declaredLicense: declared.slice(0, 1000), ...(concluded ? { concludedLicense: concluded } : {}) };
}

function nameOf(license: unknown): string | undefined {
  if (!isRecord(license)) return stringOf(license);
  return stringOf(license.type) ?? stringOf(license.name);
}

/** The author, else the first maintainer, each a text or an object. */
export function npmParty(manifest: Manifest): Party | undefined {
  const people = [manifest.author, manifest.authors, manifest.maintainers].flat();
  for (const person of people) {
    const party = isRecord(person) ? partyOf(person) : parseParty(stringOf(person) ?? '');
    if (party) return party;
  }
  return undefined;
}

function partyOf(person: Readonly<Record<string, unknown>>): Party | undefined {
  const email = stringOf(person.email);
  const url = stringOf(person.url);
  const name = stringOf(person.name) ?? email;
  return name ? { name: name.slice(0, 1000), ...(email ? { email } : {}), ...(url ? { url } : {}) } : undefined;
}

/** `repository` in its many spellings → an https URL: shorthand, `git+https:`, `git://`, `git@host:path`. */
export function npmRepository(repository: unknown): string | undefined {
  const text = stringOf(isRecord(repository) ? repository.url : repository)?.slice(0, 1000);
  if (!text) return undefined;
  const short = /^(?:(github|gitlab|bitbucket):)?([\w.-]+)\/([\w.-]+)$/.exec(text);
  if (short)
    return `https://${short[1] ?? 'github'}.${short[1] === 'bitbucket' ? 'org' : 'com'}/${short[2]}/${short[3]}`;
  const ssh = /^(?:git\+)?(?:ssh:\/\/)?git@([\w.-]+)[:/](.+)$/.exec(text);
  const url = ssh ? `https://${ssh[1]}/${ssh[2]}` : text.replace(/^git\+/, '').replace(/^(git|http):/, 'https:');
  return isHttpsUrl(url) ? url : undefined;
}

function isHttpsUrl(text: string): boolean {
  return text.startsWith('https://') && URL.canParse(text);
}
