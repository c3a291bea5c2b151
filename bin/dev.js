#!/usr/bin/env node
// Runs the sources as they are, without a build.
require('tsx/cjs');
require('../src/main.ts').main(process.argv.slice(2));
