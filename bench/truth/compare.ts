import { readFileSync } from 'node:fs';
import { parsePurl } from '../../src/sbom/purl.ts';
import { normalizeName } from '../../src/sbom/python-metadata.ts';

/*
 * npx tsx bench/truth/compare.ts TRUTH.tsv NAME=FILE… [--list NAME:ECOSYSTEM]
 * Holds what tools found against what the installers say (build.sh). FILE: CycloneDX or syft's JSON, or purls, one a line.
 * Qualifiers do not count: tools differ in them, installers have none.
 */

const [truthFile = '', ...words] = process.argv.slice(2);
const at = words.indexOf('--list');
const [listName, listEcosystem] = at < 0 ? [] : (words[at + 1] ?? '').split(':');
const tools = words.filter((word) => word.includes('=') && word !== '--list');

type ByEcosystem = ReadonlyMap<string, ReadonlySet<string>>;

const truth = group(
  readFileSync(truthFile, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [ecosystem = '', name = '', version = ''] = line.split('\t');
      return [ecosystem, key(ecosystem, name, version)];
    }),
);

process.stdout.write('| ecosystem | truth |');
const results = tools.map((tool) => {
  const [name = '', file = ''] = tool.split(/=(.*)/s);
  process.stdout.write(` ${name} found, missing, false |`);
  return { name, found: group(purlsOf(file).flatMap(entry)) };
});
process.stdout.write(`\n|---|--:|${'---|'.repeat(results.length)}\n`);
for (const ecosystem of [...truth.keys()].sort()) {
  const wanted = truth.get(ecosystem) ?? new Set<string>();
  const cells = results.map(({ found }) => {
    const there = found.get(ecosystem) ?? new Set<string>();
    return `${there.size}, ${without(wanted, there).length}, ${without(there, wanted).length}`;
  });
  process.stdout.write(`| ${ecosystem} | ${wanted.size} | ${cells.join(' | ')} |\n`);
}
for (const { name, found } of results) {
  const others = [...found].filter(([ecosystem]) => !truth.has(ecosystem)).map(([one, all]) => `${one} ${all.size}`);
  if (others.length > 0)
    process.stdout.write(`\n${name}, ecosystems that nobody was asked about: ${others.join(', ')}\n`);
  if (name !== listName) continue;
  for (const ecosystem of truth.keys()) {
    if (listEcosystem !== undefined && listEcosystem !== ecosystem) continue;
    const wanted = truth.get(ecosystem) ?? new Set<string>();
    const there = found.get(ecosystem) ?? new Set<string>();
    for (const one of without(wanted, there)) process.stdout.write(`- ${ecosystem} ${one}\n`);
    for (const one of without(there, wanted)) process.stdout.write(`+ ${ecosystem} ${one}\n`);
  }
}

function without(all: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...all].filter((one) => !others.has(one)).sort();
}

function group(entries: readonly (readonly string[])[]): ByEcosystem {
  const groups = new Map<string, Set<string>>();
  for (const [ecosystem = '', one = ''] of entries)
    groups.set(ecosystem, (groups.get(ecosystem) ?? new Set()).add(one));
  return groups;
}

function key(ecosystem: string, name: string, version: string): string {
  return `${ecosystem === 'pypi' ? normalizeName(name) : name}@${version}`;
}

function entry(purl: string): [string, string][] {
  let parsed: ReturnType<typeof parsePurl>;
  try {
    parsed = parsePurl(purl);
  } catch {
    return [];
  }
  const { type, namespace, name, version = '', qualifiers } = parsed;
  if (type === 'oci') return [];
  const isPlain = type === 'deb' || type === 'rpm' || type === 'apk' || !namespace;
  // Epochs are in the version of some, a qualifier of others.
  const epoch = qualifiers?.epoch && !version?.includes(':') ? `${qualifiers.epoch}:` : '';
  return [[type, key(type, isPlain ? name : `${namespace}/${name}`, `${epoch}${version}`)]];
}

function purlsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  if (!text.startsWith('{')) return text.split('\n').filter(Boolean);
  const { components, artifacts } = JSON.parse(text) as Record<string, { purl?: string }[] | undefined>;
  return (components ?? artifacts ?? []).flatMap(({ purl }) => (purl ? [purl] : []));
}
