/**
 * The library: what the commands are made of. Texts and records in, values out; a report is a plain value, and a
 * renderer turns it into pieces of text.
 */
export { rules } from '../rules/index.ts';
export { DlintError, type DlintErrorOptions, type ErrorCode } from './errors.ts';
export type { Image, ImageConfig, Layer, Platform } from './layers/image.ts';
export { type InspectOptions, inspectImage } from './layers/inspect.ts';
export { listImages, openImage } from './layers/open.ts';
export { scanLayers } from './layers/scan-layers.ts';
export { stack } from './layers/stack.ts';
export { type FixOptions, type FixResult, fixAll } from './lint/fix.ts';
export { type LintResult, lint } from './lint/lint.ts';
export { parse } from './lint/parse.ts';
export { type RuleSet, type RuleSetOptions, ruleSet } from './lint/rule-set.ts';
export { type AnalyzeOptions, analyze, type SemanticModel } from './lint/semantic.ts';
export type { Dockerfile, Instruction } from './lint/syntax.ts';
export type { Category, Edit, Finding, Fix, Render, Severity, Source, Span } from './report/finding.ts';
export type { ImageReport } from './report/image-report.ts';
export { renderInspectJson } from './report/inspect-json.ts';
export { renderInspectText } from './report/inspect-text.ts';
export { renderInspectTree } from './report/inspect-tree.ts';
export { renderLintJson } from './report/lint-json.ts';
export type { LintedFile, LintReport } from './report/lint-report.ts';
export { renderLintText } from './report/lint-text.ts';
export { type CreateSbomOptions, createSbom } from './sbom/create-sbom.ts';
export type { Package } from './sbom/package.ts';
export type { Sbom } from './sbom/sbom.ts';
export { cyclonedx } from './sbom/writers/cyclonedx.ts';
export { spdx } from './sbom/writers/spdx.ts';
export { sbomTable } from './sbom/writers/table.ts';
