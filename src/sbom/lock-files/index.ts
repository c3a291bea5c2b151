// Written by scripts/catalogers.ts.
import type { Cataloger } from '../package.ts';
import bun from './bun.ts';
import cargo from './cargo.ts';
import cocoapods from './cocoapods.ts';
import composer from './composer.ts';
import conan from './conan.ts';
import conda from './conda.ts';
import deno from './deno.ts';
import gem from './gem.ts';
import githubActions from './github-actions.ts';
import go from './go.ts';
import gradle from './gradle.ts';
import haskell from './haskell.ts';
import mix from './mix.ts';
import npm from './npm.ts';
import nuget from './nuget.ts';
import pdm from './pdm.ts';
import pipfile from './pipfile.ts';
import pnpm from './pnpm.ts';
import poetry from './poetry.ts';
import pub from './pub.ts';
import pylock from './pylock.ts';
import rebar from './rebar.ts';
import renv from './renv.ts';
import requirements from './requirements.ts';
import swift from './swift.ts';
import uv from './uv.ts';
import yarn from './yarn.ts';

/** Every format of lock files that is read, in the order of their names. */
export const LOCK_FILES: readonly Cataloger[] = [
  bun,
  cargo,
  cocoapods,
  composer,
  conan,
  conda,
  deno,
  gem,
  githubActions,
  go,
  gradle,
  haskell,
  mix,
  npm,
  nuget,
  pdm,
  pipfile,
  pnpm,
  poetry,
  pub,
  pylock,
  rebar,
  renv,
  requirements,
  swift,
  uv,
  yarn,
];
