/** A reference to an image, by the grammar of github.com/distribution/reference. */
export interface ImageReference {
  /** As it was given. */
  readonly text: string;
  /** `docker.io` when none is written. */
  readonly registry: string;
  /** With `library/` for Docker Hub's official images. */
  readonly repository: string;
  /** Registry and repository as written, without tag and digest. */
  readonly name: string;
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

const pathPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const hostPattern = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d+)?$/;

/** Undefined for what is no reference: upper case in the path, an empty tag, a bad digest, over 4,096 units. */
export function parseReference(text: string): ImageReference | undefined {
  if (text.length > 4096) return undefined;
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : tagged.slice(colon + 1);
  const name = colon < 0 ? tagged : tagged.slice(0, colon);
  if (digest !== undefined && !digestPattern.test(digest)) return undefined;
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const split = splitName(name);
  if (!split) return undefined;
  return { text, name, ...split, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function splitName(name: string): { registry: string; repository: string } | undefined {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const path = hasHost ? name.slice(slash + 1) : name;
  if (hasHost && !hostPattern.test(first)) return undefined;
  if (!path.split('/').every((part) => part.length <= 255 && pathPart.test(part))) return undefined;
  const registry = hasHost && first !== 'index.docker.io' ? first : 'docker.io';
  const isOfficial = registry === 'docker.io' && !path.includes('/');
  return { registry, repository: isOfficial ? `library/${path}` : path };
}

/** Images that only run on Windows, as far as their names tell. */
export function isWindowsImage({ registry, repository, tag }: ImageReference): boolean {
  if (registry === 'mcr.microsoft.com' && /^(windows|dotnet\/framework|powershell\/.*windows)(\/|$)/.test(repository))
    return true;
  const names = /(^|[/._-])(nanoserver|servercore|windowsservercore|windows)([/._-]|$)/;
  return names.test(repository) || (tag !== undefined && names.test(tag));
}
