import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/*
 * npx tsx scripts/catalogers.ts: writes src/sbom/catalogers/index.ts, the list of the catalogers beside it. A new cataloger is one
 * new file there, and no other edit.
 */

const folder = fileURLToPath(new URL('../src/sbom/catalogers/', import.meta.url));

/** The text of the index for the files that are there now. */
export function catalogersIndex(): string {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
  const variable = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    '// Written by scripts/catalogers.ts.',
    "import type { Cataloger } from '../package.ts';",
    ...names.map((name) => `import ${variable(name)} from './${name}.ts';`),
    '',
    '/** Every cataloger that ships, in the order of their names. */',
    'export const CATALOGERS: readonly Cataloger[] = [',
    ...names.map((name) => `  ${variable(name)},`),
    '];',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(`${folder}index.ts`, catalogersIndex());
