import type { Sbom } from '../sbom.ts';

/** The package URLs, one a line, in byte order. */
export function* purls({ packages }: Sbom): Iterable<string> {
  for (const { purl } of packages) yield `${purl}\n`;
}
