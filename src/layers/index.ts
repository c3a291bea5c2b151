/**
 * Images alone (docs/library.md), for programs that lint nothing and want no packages: rules and catalogers are not
 * loaded.
 */
export { DlintError, type DlintErrorOptions, type ErrorCode } from '../errors.ts';
export type { ImageReport } from '../report/image-report.ts';
export type { Image, ImageConfig, Layer, Platform } from './image.ts';
export { type InspectOptions, inspectImage } from './inspect.ts';
export { type ListedImage, listImages, type OpenOptions, openImage } from './open.ts';
export type { LayerRecord } from './record.ts';
export { type ScanLayersOptions, type ScanProgress, scanLayers } from './scan-layers.ts';
export { stack } from './stack.ts';
