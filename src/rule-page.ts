import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

const { homepage, version }: { readonly homepage?: string; readonly version: string } = manifest;

/**
 * The address of a rule's page: below `homepage` of package.json, null where that is not set. Rules of plugins have
 * their pages elsewhere, if anywhere.
 */
export function rulePage(id: string, base = homepage): string | null {
  if (base === undefined || id.includes('/')) return null;
  return `${documentsOf(base, version)}/docs/rules/${id}.md`;
}

/** The same page in the package that is installed, as a `file:` address; for programs on this machine. */
export function installedRulePage(id: string): string | null {
  if (id.includes('/')) return null;
  const file = join(import.meta.dirname, '../docs/rules', `${id}.md`);
  return existsSync(file) ? pathToFileURL(file).href : null;
}

/** Where the documentation begins: on the web where package.json says so, else the installed file. */
export function documentation(): string {
  if (homepage !== undefined) return `${documentsOf(homepage, version)}/docs/README.md`;
  const file = join(import.meta.dirname, '../docs/README.md');
  // An image of dlint holds the program alone.
  return existsSync(file) ? file : 'docs/README.md of the repository';
}

/** Where the files of this version can be read: forges show those of a tag below the repository's own address. */
export function documentsOf(homepage: string, tag: string): string {
  const base = homepage.replace(/[#?].*$/, '').replace(/\/+$/, '');
  if (/^https:\/\/github\.com\/[^/]+\/[^/]+$/.test(base)) return `${base}/blob/v${tag}`;
  if (/^https:\/\/gitlab\.com\/[^/]+\/.+$/.test(base) && !base.includes('/-/')) return `${base}/-/blob/v${tag}`;
  return base;
}
