import {
  authorsOf,
  type DocumentOptions,
  documentId,
  documentTime,
  jsonDocument,
  rootOf,
  supplierOfDocument,
} from '../document.ts';
import type { Party } from '../package.ts';
import type { Sbom, SbomPackage } from '../sbom.ts';
import { dockerfileLine, isUrl, purposeOf, type SupplierOf, sourceArchiveOf, suppliersOf } from './facts.ts';
import { declaredExpression, namedLicenses } from './spdx-licenses.ts';
import { isPerson, plain, shortDigest, spdxId, whereFound } from './spdx-parts.ts';

type Json = Record<string, unknown>;

const CONTEXT = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
const CREATION = '_:creationinfo';

/** The SBOM as SPDX 3.0.1 JSON-LD, in pieces; profiles core, software and simpleLicensing. */
export function spdx3(sbom: Sbom, options: DocumentOptions): Iterable<string> {
  return jsonDocument([
    ['@context', CONTEXT],
    ['@graph', new Graph(sbom, options).elements()],
  ]);
}

/** Every element has an id below the document's, and what several share (agents, licences) is in it once. */
class Graph {
  readonly #sbom: Sbom;
  readonly #options: DocumentOptions;
  readonly #base: string;
  readonly #supplierOf: SupplierOf;
  readonly #agents = new Map<string, Json>();
  readonly #licenses = new Map<string, Json>();

  constructor(sbom: Sbom, options: DocumentOptions) {
    this.#sbom = sbom;
    this.#options = options;
    this.#supplierOf = suppliersOf(sbom);
    const { name } = rootOf(sbom.subject);
    this.#base = `https://spdx.org/spdxdocs/${plain(name)}-${documentId(sbom, options, 'spdx-3.0.1')}#`;
  }

  elements(): Json[] {
    const { packages, distro } = this.#sbom;
    const root = this.#root();
    const parts = [...(distro ? [this.#os()] : []), ...packages.map((one) => this.#package(one))];
    const texts = namedLicenses(packages).map(({ id, name, text }) =>
      this.#element('simplelicensing_SimpleLicensingText', id, { name, simplelicensing_licenseText: text }),
    );
    const relationships = [...this.#relationships(root, parts)];
    const creation = this.#creation();
    const dataLicense = this.#license('CC0-1.0');
    const all = [root, ...parts, ...texts, ...this.#licenses.values(), ...relationships, ...this.#agents.values()];
    const ids = all.map(({ spdxId }) => spdxId);
    const bill = this.#element('software_Sbom', 'SPDXRef-Sbom', {
      element: ids,
      rootElement: [root.spdxId],
      software_sbomType: [this.#sbom.subject.kind === 'image' ? 'analyzed' : 'source'],
    });
    const document = this.#element('SpdxDocument', 'SPDXRef-DOCUMENT', {
      name: root.name,
      dataLicense,
      profileConformance: ['core', 'software', 'simpleLicensing'],
      element: [bill.spdxId, ...ids],
      rootElement: [bill.spdxId],
    });
    return [creation, document, bill, ...all];
  }

  #creation(): Json {
    const { toolVersion } = this.#options;
    const authors = authorsOf(rootOf(this.#sbom.subject), this.#options).map((party) => this.#agent(party));
    const name = `dlint-${toolVersion}`;
    const tool = this.#element('Tool', 'SPDXRef-Tool', { name });
    this.#agents.set('tool', tool);
    // Somebody must be named; where nobody is, it is the program.
    const program = this.#element('SoftwareAgent', 'SPDXRef-SoftwareAgent', { name });
    if (authors.length === 0) this.#agents.set('program', program);
    return {
      type: 'CreationInfo',
      '@id': CREATION,
      specVersion: '3.0.1',
      created: documentTime(this.#sbom.subject, this.#options),
      createdBy: authors.length > 0 ? [...new Set(authors)] : [program.spdxId],
      createdUsing: [tool.spdxId],
    };
  }

  #root(): Json {
    const root = rootOf(this.#sbom.subject);
    const supplier = supplierOfDocument(root, this.#options);
    return this.#element('software_Package', 'SPDXRef-Root', {
      name: root.name,
      software_packageVersion: root.version,
      software_primaryPurpose: root.type,
      ...(root.purl ? { software_packageUrl: root.purl } : {}),
      ...(supplier ? { suppliedBy: this.#agent(supplier) } : {}),
    });
  }

  #os(): Json {
    const { id, name, prettyName, versionId } = this.#sbom.distro as NonNullable<Sbom['distro']>;
    return this.#element('software_Package', 'SPDXRef-OperatingSystem', {
      name: id,
      ...(prettyName ? { summary: prettyName } : {}),
      ...(versionId ? { software_packageVersion: versionId } : {}),
      software_primaryPurpose: 'operatingSystem',
      suppliedBy: this.#agent({ name: name ?? prettyName ?? id }),
    });
  }

  #package(one: SbomPackage): Json {
    const supplier = this.#supplierOf(one);
    const references = [
      ['vcs', one.sourceUrl],
      ['sourceArtifact', sourceArchiveOf(one)],
    ].flatMap(([type, url]) =>
      url && isUrl(url) ? [{ type: 'ExternalRef', externalRefType: type, locator: [url] }] : [],
    );
    const hashes = (one.hashes ?? []).map(({ algorithm, value }) => ({
      type: 'Hash',
      algorithm: algorithm.toLowerCase().replace('-', ''),
      hashValue: value,
    }));
    return this.#element('software_Package', spdxId(one), {
      name: one.name,
      ...(one.description ? { summary: one.description } : {}),
      ...(hashes.length > 0 ? { verifiedUsing: hashes } : {}),
      ...(references.length > 0 ? { externalRef: references } : {}),
      ...(supplier ? { suppliedBy: this.#agent(supplier) } : {}),
      software_primaryPurpose: purposeOf(one),
      software_packageVersion: one.version,
      software_packageUrl: one.purl,
      ...(one.downloadUrl && isUrl(one.downloadUrl) ? { software_downloadLocation: one.downloadUrl } : {}),
      ...(one.homepage && isUrl(one.homepage) ? { software_homePage: one.homepage } : {}),
      software_sourceInfo: whereFound(one, dockerfileLine(this.#sbom, one)),
    });
  }

  *#relationships(root: Json, parts: readonly Json[]): Iterable<Json> {
    const { packages } = this.#sbom;
    const ids = new Map(packages.map((one) => [one.purl, this.#base + spdxId(one)]));
    const owned = new Map<string, string[]>();
    for (const { purl, ownedBy } of packages) {
      if (ownedBy && ids.has(ownedBy)) owned.set(ownedBy, [...(owned.get(ownedBy) ?? []), ids.get(purl) as string]);
    }
    const all = parts.map(({ spdxId }) => spdxId as string);
    if (all.length > 0) yield this.#relationship(root.spdxId as string, 'contains', all, 'incomplete');
    for (const one of packages) {
      const from = ids.get(one.purl) as string;
      const targets = one.dependsOn.map((purl) => ids.get(purl) as string);
      // `to` must not be empty; a package that is known to need nothing says so with NoneElement.
      if (targets.length > 0 || one.knowsDependencies) {
        const to = targets.length > 0 ? targets : ['https://spdx.org/rdf/3.0.1/terms/Core/NoneElement'];
        yield this.#relationship(from, 'dependsOn', to, one.knowsDependencies ? 'complete' : 'noAssertion');
      }
      if (owned.has(one.purl)) yield this.#relationship(from, 'contains', owned.get(one.purl) as string[]);
      const declared = declaredExpression(one);
      if (declared) yield this.#relationship(from, 'hasDeclaredLicense', [this.#license(declared)]);
      if (one.concludedLicense) {
        yield this.#relationship(from, 'hasConcludedLicense', [this.#license(one.concludedLicense)]);
      }
    }
  }

  #relationship(from: string, relationshipType: string, to: readonly string[], completeness?: string): Json {
    const id = `SPDXRef-Relationship-${shortDigest(`${from}\n${relationshipType}\n${completeness ?? ''}`)}`;
    return this.#element('Relationship', id, {
      ...(completeness ? { completeness } : {}),
      from,
      relationshipType,
      to,
    });
  }

  /** The id of the expression's element. */
  #license(expression: string): string {
    const known = this.#licenses.get(expression);
    if (known) return known.spdxId as string;
    const custom = [...new Set(expression.match(/LicenseRef-[A-Za-z0-9.-]+/g) ?? [])].sort().map((key) => ({
      type: 'DictionaryEntry',
      key,
      value: this.#base + key,
    }));
    const element = this.#element('simplelicensing_LicenseExpression', `SPDXRef-License-${shortDigest(expression)}`, {
      simplelicensing_licenseExpression: expression,
      ...(custom.length > 0 ? { simplelicensing_customIdToUri: custom } : {}),
    });
    this.#licenses.set(expression, element);
    return element.spdxId as string;
  }

  /** The id of the person's or the organisation's element. */
  #agent(party: Party): string {
    const { name, email } = party;
    const key = `${name}\n${email ?? ''}`;
    const known = this.#agents.get(key);
    if (known) return known.spdxId as string;
    const element = this.#element(isPerson(party) ? 'Person' : 'Organization', `SPDXRef-Agent-${shortDigest(key)}`, {
      name,
      ...(email
        ? {
            externalIdentifier: [{ type: 'ExternalIdentifier', externalIdentifierType: 'email', identifier: email }],
          }
        : {}),
    });
    this.#agents.set(key, element);
    return element.spdxId as string;
  }

  #element(type: string, id: string, members: Json): Json {
    return { type, spdxId: this.#base + id, creationInfo: CREATION, ...members };
  }
}
