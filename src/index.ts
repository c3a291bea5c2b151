/**
 * The library (docs/library.md): what the commands are made of. Texts and records in, values out; a report is a plain
 * value, and a renderer turns it into pieces of text. What is wrong with an input is thrown as a `DlintError`.
 */

// Dockerfiles
export { rules } from '../rules/index.ts';
// Errors
export { DlintError, type DlintErrorOptions, type ErrorCode } from './errors.ts';
// Packages
export { openGitIgnore } from './gitignore.ts';
// Images
export type { Image, ImageConfig, Layer, Platform } from './layers/image.ts';
export { type InspectOptions, inspectImage } from './layers/inspect.ts';
export { type ListedImage, listImages, type OpenOptions, openImage } from './layers/open.ts';
export type { LayerRecord } from './layers/record.ts';
export { type ScanLayersOptions, type ScanProgress, scanLayers } from './layers/scan-layers.ts';
export { stack } from './layers/stack.ts';
export { createLintReport, type LoadedSettings, type LoadSettingsOptions, loadSettings } from './library.ts';
export { type FixOptions, type FixResult, fixAll } from './lint/fix.ts';
export { type LintOptions, type LintResult, lint, type RuleFailure } from './lint/lint.ts';
export { parse } from './lint/parse.ts';
export type { Preset, Rule } from './lint/rule.ts';
export {
  type ActiveRule,
  type Level,
  type RuleSet,
  type RuleSetOptions,
  type RuleSetting,
  ruleSet,
} from './lint/rule-set.ts';
export { type AnalyzeOptions, analyze, type SemanticModel } from './lint/semantic.ts';
export type { Dockerfile, Instruction } from './lint/syntax.ts';
export type {
  Category,
  Digest,
  Edit,
  Finding,
  Fix,
  Location,
  Render,
  Severity,
  Source,
  Span,
} from './report/finding.ts';
export { renderInspectHtml } from './report/html/inspect-html.ts';
export type { ImageReport } from './report/image-report.ts';
export { renderInspectJson } from './report/inspect-json.ts';
export { renderInspectMarkdown } from './report/inspect-markdown.ts';
export { renderInspectText } from './report/inspect-text.ts';
export { renderInspectTree } from './report/inspect-tree.ts';
export { lintFormats } from './report/lint-formats/lint-formats.ts';
export { renderLintJson } from './report/lint-json.ts';
export type { LintedFile, LintReport } from './report/lint-report.ts';
export { renderLintText } from './report/lint-text.ts';
export { type CreateSbomOptions, createSbom } from './sbom/create-sbom.ts';
export { createDirectorySbom, type DirectoryOptions } from './sbom/directory.ts';
export type { DocumentOptions } from './sbom/document.ts';
export { checkLicenses, type LicenseFinding, type LicensePolicy } from './sbom/license-policy.ts';
export type { Package } from './sbom/package.ts';
export type { Sbom, SbomPackage } from './sbom/sbom.ts';
export { cyclonedx } from './sbom/writers/cyclonedx.ts';
export { spdx } from './sbom/writers/spdx.ts';
export { sbomTable } from './sbom/writers/table.ts';
export { version } from './version.ts';
