import { cargo, cargoPackages, defineRule, option, unpinned } from '../src/lint/rule.ts';

export default defineRule({
  id: 'cargo-unpinned',
  category: 'correctness',
  mentions: ['cargo'],
  severity: 'warning',
  summary: 'cargo installs crates without a version',
  why: 'Without a version cargo takes the newest release, a new major version included, on the day of the build. What was tested is not what is built a month later, and a new release may need a newer compiler than the image has.',
  examples: [
    {
      bad: 'FROM rust:1.89\nRUN cargo install --locked «cargo-chef»\n',
      good: 'FROM rust:1.89\nRUN cargo install --locked cargo-chef@0.1.72\n',
    },
    { bad: 'FROM rust:1.89\nRUN true && sudo cargo +nightly install --features a,b --root /x «b» c@1\n' },
    { bad: 'FROM rust:1.89\nRUN ["cargo", "binstall", "-y", «"cargo-chef"»]\n' },
    {
      bad: 'FROM rust:1.89\nRUN cargo install --git «https://a.example/b» b && cargo install «--git=https://a.example/b» --branch c\n',
    },
    { bad: 'FROM rust:1.89\nENV TOOLS="a@1 b"\nRUN cargo install «$TOOLS»\n' },
    {
      good: 'FROM rust:1.89\nRUN cargo install a --version 1.2 && cargo install --vers=1 b && cargo install c@$V $TOOLS\n',
    },
    {
      good: 'FROM rust:1.89\nRUN cargo install --git https://a.example/b --rev abc123 && cargo install --git https://a.example/b --tag v1 c\n',
    },
    { good: 'FROM rust:1.89\nCOPY . .\nRUN cargo install --path . && cargo install && cargo build && cargo add a\n' },
  ],
  *check({ allCommands }) {
    for (const { command, step } of allCommands) {
      const install = cargo(command);
      if (!install || !/^b?install$/.test(install.subcommand)) continue;
      if (option(install, '--version', '--vers', '--path', '--rev', '--tag')) continue;
      const repository = option(install, '--git')?.valueWord;
      const found = repository ? undefined : unpinned(install, step, cargoPackages);
      const at = repository?.span ?? found?.at;
      if (!at) continue;
      yield {
        at,
        message: found
          ? `cargo takes whatever version of ${found.names} is the newest`
          : 'cargo takes whatever commit of this repository is the newest',
        help: found ? 'name the version: crate@version, with --locked' : 'add --rev or --tag, and --locked',
      };
    }
  },
});
