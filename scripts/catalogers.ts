import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * npx tsx scripts/catalogers.ts: writes src/sbom/catalogers/index.ts and src/sbom/lock-files/index.ts, the lists of the
 * catalogers beside them. A new cataloger or lock file format is one new file there, and no other edit.
 */

const LISTS = {
  catalogers: ['CATALOGERS', 'Every cataloger that ships, in the order of their names.'],
  'lock-files': ['LOCK_FILES', 'Every format of lock files that is read, in the order of their names.'],
} as const;

type Folder = keyof typeof LISTS;

function folderOf(folder: Folder): string {
  return fileURLToPath(new URL(`../src/sbom/${folder}/`, import.meta.url));
}

/** The text of the index for the files that are there now. */
export function catalogersIndex(folder: Folder = 'catalogers'): string {
  const [list, comment] = LISTS[folder];
  const names = readdirSync(folderOf(folder))
    .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
  const variable = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    '// Written by scripts/catalogers.ts.',
    "import type { Cataloger } from '../package.ts';",
    ...names.map((name) => `import ${variable(name)} from './${name}.ts';`),
    '',
    `/** ${comment} */`,
    `export const ${list}: readonly Cataloger[] = [`,
    ...names.map((name) => `  ${variable(name)},`),
    '];',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of Object.keys(LISTS) as Folder[]) {
    writeFileSync(`${folderOf(folder)}index.ts`, catalogersIndex(folder));
  }
}
