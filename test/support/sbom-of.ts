import type { Layer } from '../../src/layers/image.ts';
import { parsePurl } from '../../src/sbom/purl.ts';
import type { Sbom, SbomPackage } from '../../src/sbom/sbom.ts';
import { imageOf } from './image-of.ts';

/** An SBOM of packages that are given by their purls, with what else is to be known of each. */
export function sbomOf(
  packages: readonly (Partial<SbomPackage> & Pick<SbomPackage, 'purl'>)[],
  fields: Partial<Sbom> = {},
): Sbom {
  const image = imageOf(2);
  const sorted = [...packages].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  return {
    subject: { kind: 'image', image },
    packages: sorted.map((one) => {
      const { type, name, version } = parsePurl(one.purl);
      return {
        name,
        version: version ?? '',
        ecosystem: type,
        foundBy: type,
        confidence: 1,
        evidence: [],
        dependsOn: [],
        occurrences: [`some/${name}`],
        layer: image.layers[0] as Layer,
        ...one,
      };
    }),
    problems: [],
    ...fields,
  };
}
