// Lists an archive as the library does: every member of every layer, and nothing else. Prints how many there are.
import { openImage, scanLayers } from '../dist/layers.js';

const image = await openImage(process.argv[2]);
const records = await scanLayers(image);
process.stdout.write(`${records.reduce((sum, { entries }) => sum + entries.length, 0)}\n`);
