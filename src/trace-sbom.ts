import { readDockerfile } from './files.ts';
import { parse } from './lint/parse.ts';
import { analyze } from './lint/semantic.ts';
import type { Sbom } from './sbom/sbom.ts';
import { tracedSbom } from './trace/traced-sbom.ts';

/** Adds to an SBOM which line of a Dockerfile brought each package. Errors: those of reading the file. */
export function traceSbom(sbom: Sbom, path: string): Sbom {
  const { text } = readDockerfile(path);
  return tracedSbom(sbom, analyze(parse({ path, text })));
}
