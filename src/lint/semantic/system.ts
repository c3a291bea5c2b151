import type { ImageReference } from './image-reference.ts';
import type { StageBase } from './model.ts';

/** Kinds of images by what `/bin/sh` is in them: dash, the ash of BusyBox, Bash, or nothing at all. */
export type System = 'debian' | 'alpine' | 'redhat' | 'distroless';

/** Official images whose tags are Debian or Ubuntu where they do not say otherwise. */
const debianBased =
  /^(docker\/)?library\/(debian|ubuntu|buildpack-deps|python|node|golang|ruby|php|rust|perl|gcc|postgres|nginx|httpd|redis|mariadb|maven|gradle|drupal|eclipse-temurin)$/;
const redhatBased =
  /^(docker\/)?library\/(fedora|centos|rockylinux|almalinux|amazonlinux|oraclelinux)$|(^|\/)ubi\d+(\/|$)/;
const debianTag =
  /(^|[-_.])(debian|ubuntu)|(^|[-_.])(wheezy|jessie|stretch|buster|bullseye|bookworm|trixie|trusty|xenial|bionic|focal|jammy|noble)([-_.]|$)/;
const alpineTag = /(^|[-_.])alpine/;
const otherTag =
  /oracle|centos|fedora|rocky|alma|ubi|photon|azurelinux|mariner|amazon|corretto|graal|al20|windows|nanoserver/;

/** The system of an image, where its name leaves no doubt. */
export function systemOf(base: StageBase): System | undefined {
  return base.kind === 'image' ? systemOfImage(base.image) : undefined;
}

function systemOfImage({ registry, repository, tag = '' }: ImageReference): System | undefined {
  if (registry === 'gcr.io' && repository.startsWith('distroless/')) {
    return /(^|-)debug/.test(tag) ? undefined : 'distroless';
  }
  if (repository === 'library/alpine' || alpineTag.test(tag)) return 'alpine';
  if (redhatBased.test(repository)) return 'redhat';
  if (otherTag.test(tag)) return undefined;
  // The plain tags of openjdk are Oracle Linux.
  if (repository === 'library/openjdk' && /(^|-)slim/.test(tag)) return 'debian';
  return debianBased.test(repository) || debianTag.test(tag) ? 'debian' : undefined;
}
