import { createHash } from 'node:crypto';
import type { Party } from '../package.ts';
import type { SbomPackage } from '../sbom.ts';

const MAX_TEXT = 2000;

/** Letters, digits, dots and dashes (SPDX 2.3, §3.2); the digest keeps two purls apart that share their name. */
export function spdxId({ ecosystem, name, purl }: SbomPackage): string {
  return `SPDXRef-${plain(`${ecosystem}-${name.slice(0, 100)}`)}-${shortDigest(purl)}`;
}

export function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]+/g, '-');
}

export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Whether a name is a person's is only known of one with an address of its own that is no list's. */
export function isPerson({ name, email }: Party): boolean {
  const group =
    /\b(team|group|maintainers|developers|packagers?|project|foundation|authors|contributors|inc|ltd|gmbh|corporation)\b/i;
  return !group.test(name) && email !== undefined && !/lists?\.|@lists|-devel@|-maint/.test(email);
}

/** SPDX 2.3, §7.5. */
export function actor(party: Party): string {
  const name = oneLine(party.name).replace(/[()]/g, ' ').trim();
  return `${isPerson(party) ? 'Person' : 'Organization'}: ${name}${party.email ? ` (${party.email})` : ''}`;
}

/** Where it is in the image, for people. */
export function whereFound({ occurrences, layer, removedBy }: SbomPackage, line: string | undefined): string {
  const places = occurrences.map((path) => `/${path}`).join(', ');
  const digest = layer?.diffId ? ` (${layer.diffId})` : '';
  return oneLine(
    `found in ${places}${layer ? `; layer ${layer.index}` : ''}${digest}${removedBy ? `, removed by layer ${removedBy.index}` : ''}${line ? `; Dockerfile line ${line}` : ''}`,
  );
}

export function oneLine(text: string): string {
  return text.slice(0, MAX_TEXT).replace(/\s+/g, ' ').trim();
}
