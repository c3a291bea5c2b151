/** What a package URL type asks for beyond the common grammar (purl-spec, `types/*-definition.json`). */
export interface TypeRules {
  readonly namespace?: 'required' | 'prohibited';
  readonly lowerNamespace?: boolean;
  readonly lowerName?: boolean;
  readonly lowerVersion?: boolean;
  /** Normalises the name, after case folding. */
  readonly name?: (name: string, namespace: string, qualifiers: Readonly<Record<string, string>>) => string;
  /** The namespace is one segment, and all that follows is the name. */
  readonly nameHasSlashes?: boolean;
  readonly namePattern?: RegExp;
  readonly versionPattern?: RegExp;
  readonly requiredQualifiers?: readonly string[];
}

const NONE: TypeRules = {};
const LOWER: TypeRules = { lowerNamespace: true, lowerName: true };
const NO_NAMESPACE: TypeRules = { namespace: 'prohibited' };

const TYPES: ReadonlyMap<string, TypeRules> = new Map<string, TypeRules>([
  ['alpm', LOWER],
  ['apk', LOWER],
  ['bazel', NO_NAMESPACE],
  ['bitbucket', LOWER],
  ['bitnami', { lowerName: true, namespace: 'prohibited' }],
  ['brew', LOWER],
  ['cargo', NO_NAMESPACE],
  [
    'chrome-extension',
    { namespace: 'prohibited', lowerName: true, namePattern: /^[a-p]{32}$/, versionPattern: /^\d+(\.\d+){0,3}$/ },
  ],
  ['cocoapods', NO_NAMESPACE],
  ['composer', LOWER],
  ['conda', NO_NAMESPACE],
  ['cpan', { namePattern: /^(?!.*::)/ }],
  ['cran', NO_NAMESPACE],
  ['deb', LOWER],
  ['gem', NO_NAMESPACE],
  ['github', LOWER],
  // GitHub does not tell names apart by case, other hosts do.
  [
    'git',
    {
      lowerNamespace: true,
      nameHasSlashes: true,
      name: (name, host) => (/^github(\.com)?$/.test(host) ? name.toLowerCase() : name),
    },
  ],
  ['hackage', NO_NAMESPACE],
  ['hex', LOWER],
  ['huggingface', { lowerVersion: true }],
  ['julia', { namespace: 'prohibited', requiredQualifiers: ['uuid'] }],
  ['luarocks', LOWER],
  // Databricks does not tell names apart by case, other servers do.
  [
    'mlflow',
    {
      namespace: 'prohibited',
      name: (name, _, { repository_url: url }) => (url?.includes('databricks') ? name.toLowerCase() : name),
    },
  ],
  ['nuget', NO_NAMESPACE],
  ['oci', { namespace: 'prohibited', lowerName: true, lowerVersion: true }],
  ['opam', NO_NAMESPACE],
  ['otp', { namespace: 'prohibited', lowerName: true }],
  ['pub', { namespace: 'prohibited', lowerName: true, name: (name) => name.replace(/[^a-z0-9_]/g, '_') }],
  ['pypi', { namespace: 'prohibited', lowerName: true, lowerVersion: true, name: (name) => name.replace(/_/g, '-') }],
  ['qpkg', { lowerNamespace: true }],
  ['rpm', { lowerNamespace: true }],
  ['swid', { requiredQualifiers: ['tag_id'] }],
  ['swift', { namespace: 'required' }],
  ['vcpkg', NO_NAMESPACE],
  ['vscode-extension', { namespace: 'required', lowerNamespace: true, lowerName: true, lowerVersion: true }],
  ['yocto', { lowerNamespace: true }],
]);

/** The rules of a type; an unknown type has none. */
export function typeRules(type: string): TypeRules {
  return TYPES.get(type) ?? NONE;
}
