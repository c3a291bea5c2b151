import {
  type Command,
  cleansUp,
  conda,
  defineRule,
  type Invocation,
  leftCaches,
  option,
  type Step,
} from '../src/lint/rule.ts';

export default defineRule({
  id: 'conda-cache',
  category: 'size',
  mentions: ['conda', 'mamba'],
  severity: 'info',
  summary: 'conda leaves its download cache in the layer',
  why: 'conda keeps the archive of every package it installs in its pkgs folder, often hundreds of megabytes, besides what it unpacks. Nothing in the finished image reads the archives again; removing them in a later step does not make the image smaller.',
  examples: [
    {
      bad: 'FROM condaforge/miniforge3:25.3.1-0\nRUN «conda install» -y numpy\n',
      good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN conda install -y numpy && conda clean --all --yes\n',
    },
    {
      bad: 'FROM condaforge/miniforge3:25.3.1-0 AS base\nRUN conda clean -a && conda create -n a; «/opt/conda/bin/mamba env create» -f e.yml && make\nFROM base\n',
      good: 'FROM condaforge/miniforge3:25.3.1-0 AS base\nRUN conda clean -a && conda create -n a; /opt/conda/bin/mamba env create -f e.yml && /opt/conda/bin/mamba clean --all --yes && make\nFROM base\n',
    },
    { bad: 'FROM mambaorg/micromamba:2.3.0\nRUN [«"micromamba", "install"», "-y", "numpy"]\n' },
    {
      bad: 'FROM condaforge/miniforge3:25.3.1-0\nRUN «conda update» --all -y && conda clean --index-cache\n',
      good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN conda update --all -y && conda clean --all --yes && conda clean --index-cache\n',
    },
    {
      bad: 'FROM condaforge/miniforge3:25.3.1-0\nRUN --mount=type=bind,target=/pkgs «conda install» -y numpy\n',
      good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN --mount=type=bind,target=/pkgs conda install -y numpy && conda clean --all --yes\n',
    },
    { good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN conda install -y numpy && conda clean -afy\n' },
    { good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN mamba env update -f e.yml && conda clean --tarballs -y\n' },
    { good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN conda install -y numpy && rm -rf "$CONDA_DIR/pkgs"\n' },
    {
      good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN --mount=type=cache,target=/opt/conda/pkgs conda install -y numpy\n',
    },
    {
      good: 'FROM condaforge/miniforge3:25.3.1-0 AS build\nRUN conda install -y numpy\nFROM debian:13\nCOPY --from=build /opt /opt\n',
    },
    {
      good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN conda config --add channels a && conda env list && conda remove a\n',
    },
    { good: 'FROM debian:13\nCMD conda install -y a\n' },
  ],
  *check(model) {
    // By the path it was called with: it may not be on the PATH.
    const cleanup = ({ command, tool }: Invocation): string => `${command.words[0]?.raw ?? tool} clean --all --yes`;
    for (const { install, edit } of leftCaches(model, { install: condaInstall, isKeptOut, cleanup })) {
      const { tool, head } = install;
      yield {
        at: head,
        message: `${tool} leaves its download cache in this layer`,
        help: `end the same RUN with ${tool} clean --all --yes, or mount a cache: RUN --mount=type=cache,target=/opt/conda/pkgs …`,
        ...(edit ? { fix: { title: `Add ${tool} clean`, edits: [edit] } } : {}),
      };
    }
  },
});

function condaInstall(command: Command): Invocation | undefined {
  const found = conda(command);
  return /^(install|create|update|upgrade|env create|env update)$/.test(found?.subcommand ?? '') ? found : undefined;
}

function isKeptOut({ command }: Invocation, step: Step): boolean {
  const isMounted = step.mounts.some(({ type, target }) => type === 'cache' && /\/pkgs\/?$/.test(target ?? ''));
  return isMounted || cleansUp(step, command, cleansCache);
}

function cleansCache(command: Command): boolean {
  if (command.name === 'rm') return command.words.some(({ text }) => /\/pkgs(\/\*?)?$/.test(text));
  const found = conda(command);
  return found?.subcommand === 'clean' && option(found, '-a', '--all', '-t', '--tarballs') !== undefined;
}
