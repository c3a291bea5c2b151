export * from './errors.ts';
export * from './report/finding.ts';
