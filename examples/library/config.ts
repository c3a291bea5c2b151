// Lints a file as `dlint lint` does: with the .dlint.yaml above it, its plugins and the build context.
import { readFile } from 'node:fs/promises';
import { createLintReport, DlintError, lint, lintFormats, loadSettings, renderLintText } from 'dlint';

const path = process.argv[2] ?? 'Dockerfile';
try {
  const settings = await loadSettings(path, { plugins: false });
  if (settings) {
    const source = { path, text: await readFile(path, 'utf8') };
    const { findings } = lint(source, settings.rules, settings.options);
    const report = createLintReport([{ source, findings }], settings.known);
    for (const piece of renderLintText(report, { color: false, width: 100 })) process.stdout.write(piece);
    const sarif = [...lintFormats.sarif(report, { color: false, width: 100 })].join('');
    console.log(`${JSON.parse(sarif).runs[0].results.length} results in SARIF`);
  } else console.log(`${path}: the configuration ignores it`);
} catch (error) {
  // What is wrong with a configuration: code, place and what to do about it.
  if (!(error instanceof DlintError)) throw error;
  console.error(error.code, error.message, error.where, error.hint);
  process.exitCode = 2;
}
