// Looks into an image: an archive, a folder, or an image of a registry, as for `dlint inspect`.
import { inspectImage, openImage, renderInspectMarkdown, version } from 'dlint';

const reference = process.argv[2] ?? 'app.tar';

// Opening reads the manifest and the configuration, and finds out where the layers are.
const image = await openImage(reference);
console.log(image.format, image.imageId, image.config.cmd, `${image.layers.length} layers`);

// Inspecting reads the layers. `signal` ends it early; `onProgress` tells how far it is.
const report = await inspectImage(reference, {
  tool: { name: 'my-tool', version },
  signal: AbortSignal.timeout(60_000),
  onProgress: ({ done, total }) => void [done, total],
});
const wasted = ((report.deadBytes / report.storedBytes) * 100).toFixed(1);
console.log(`${report.storedBytes} bytes, ${wasted} % of them dead`);
for (const { bytes, explanation, advice } of report.waste.slice(0, 3)) console.log(`${bytes}: ${explanation} → ${advice}`);
console.log([...renderInspectMarkdown(report)].join('').split('\n')[0]);
