import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { shared } from './shared.ts';

type Schema = Record<string, unknown>;

/**
 * CycloneDX's own schema without `uniqueItems` on its long lists, which ajv checks by comparing every pair; the tests
 * check uniqueness by themselves.
 */
export function cyclonedxValidator(version: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv);
  for (const name of ['spdx.schema.json', 'jsf-0.82.schema.json', 'cryptography-defs.schema.json']) {
    ajv.addSchema(read(name) as Schema, name);
  }
  return ajv.compile(withoutUniqueItems(read(`bom-${version}.schema.json`)) as Schema);
}

export function spdxValidator(): ValidateFunction {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats(ajv as unknown as Ajv);
  return ajv.compile(read('spdx-2.3.schema.json') as Schema);
}

export function spdx3Validator(): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv as unknown as Ajv);
  return ajv.compile(read('spdx-3.0.1.schema.json') as Schema);
}

function addFormats(ajv: Ajv): void {
  (formats as unknown as (to: Ajv) => void)(ajv);
  // Formats of draft-07 that ajv-formats leaves out, as RFC 6531 and RFC 3987 have them in their plainest form.
  ajv.addFormat('idn-email', /^[^\s@]+@[^\s@]+$/);
  ajv.addFormat('iri-reference', /^[^\s<>"{}|\\^`]*$/);
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(shared(`schemas/${name}`) as string, 'utf8'));
}

function withoutUniqueItems(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUniqueItems);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'uniqueItems');
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutUniqueItems(inner)]));
}
