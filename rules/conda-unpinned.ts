import { conda, condaPackages, defineRule, unpinned } from '../src/lint/rule.ts';

export default defineRule({
  id: 'conda-unpinned',
  category: 'correctness',
  mentions: ['conda', 'mamba'],
  severity: 'info',
  presets: { strict: 'warning' },
  summary: 'conda or mamba installs packages without a version',
  why: 'Without a version conda takes the newest one that fits on the day of the build. What was tested is not what is built a month later, and one package that cannot move decides about all others.',
  examples: [
    {
      bad: 'FROM condaforge/miniforge3:25.3.1-0\nRUN conda install -y -c conda-forge «numpy» python=3.13\n',
      good: 'FROM condaforge/miniforge3:25.3.1-0\nRUN conda install -y -c conda-forge numpy=2.3 python=3.13\n',
    },
    {
      bad: "FROM jupyter/base:1\nRUN mamba install --yes «'altair'» 'bokeh>=3' && micromamba create -n x -p /x «python»\n",
    },
    { bad: 'FROM jupyter/base:1\nRUN ["/opt/conda/bin/conda", "install", «"conda-forge::numpy"»]\n' },
    { bad: 'FROM jupyter/base:1\nENV LIBRARIES="a=1 b"\nRUN conda install «$LIBRARIES»\n' },
    { bad: 'FROM jupyter/base:1\nRUN mamba install --file /tmp/packages.txt «git»\n' },
    {
      good: 'FROM jupyter/base:1\nRUN conda install "a 1.2" "b~=1" c==1 d=$V "e[version=1]" /tmp/f.tar.bz2 $LIBRARIES\n',
    },
    {
      good: 'FROM jupyter/base:1\nRUN conda env create -f environment.yml && conda create -n x && conda remove numpy && echo conda install a\n',
    },
  ],
  *check({ allCommands }) {
    for (const { command, step } of allCommands) {
      const install = conda(command);
      if (!install || !/^(install|create)$/.test(install.subcommand)) continue;
      const found = unpinned(install, step, condaPackages);
      if (!found) continue;
      yield {
        at: found.at,
        message: `${install.tool} takes whatever version of ${found.names} is the newest`,
        help: 'name the version: package=version, or install from an environment file or a lock file',
      };
    }
  },
});
