// Written by scripts/catalogers.ts.
import type { Cataloger } from '../package.ts';
import alpm from './alpm.ts';
import apk from './apk.ts';
import binary from './binary.ts';
import bitnami from './bitnami.ts';
import bottlerocket from './bottlerocket.ts';
import chisel from './chisel.ts';
import composer from './composer.ts';
import conda from './conda.ts';
import cos from './cos.ts';
import dotnet from './dotnet.ts';
import dpkg from './dpkg.ts';
import elfNote from './elf-note.ts';
import embedded from './embedded.ts';
import erlang from './erlang.ts';
import gem from './gem.ts';
import gguf from './gguf.ts';
import go from './go.ts';
import graalvm from './graalvm.ts';
import homebrew from './homebrew.ts';
import huggingface from './huggingface.ts';
import java from './java.ts';
import jvm from './jvm.ts';
import kernel from './kernel.ts';
import lua from './lua.ts';
import nix from './nix.ts';
import npm from './npm.ts';
import opkg from './opkg.ts';
import pe from './pe.ts';
import pear from './pear.ts';
import perl from './perl.ts';
import perlLocal from './perl-local.ts';
import phpExtension from './php-extension.ts';
import portage from './portage.ts';
import python from './python.ts';
import pythonArchive from './python-archive.ts';
import r from './r.ts';
import rpm from './rpm.ts';
import rust from './rust.ts';
import snap from './snap.ts';
import spack from './spack.ts';
import swipl from './swipl.ts';
import vscodeExtension from './vscode-extension.ts';
import wordpress from './wordpress.ts';
import yarn from './yarn.ts';

/** Every cataloger that ships, in the order of their names. */
export const CATALOGERS: readonly Cataloger[] = [
  alpm,
  apk,
  binary,
  bitnami,
  bottlerocket,
  chisel,
  composer,
  conda,
  cos,
  dotnet,
  dpkg,
  elfNote,
  embedded,
  erlang,
  gem,
  gguf,
  go,
  graalvm,
  homebrew,
  huggingface,
  java,
  jvm,
  kernel,
  lua,
  nix,
  npm,
  opkg,
  pe,
  pear,
  perl,
  perlLocal,
  phpExtension,
  portage,
  python,
  pythonArchive,
  r,
  rpm,
  rust,
  snap,
  spack,
  swipl,
  vscodeExtension,
  wordpress,
  yarn,
];
