// Writes workflow-bundle.js into build and dist: the compiled workflows as a worker runs them, bundled once instead of at
// each worker's start. A part of `npm run build`.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowModules } from '../build/worker/workflow-code.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const { code } = await bundleWorkflowCode({
  ...workflowModules({ stackTraces: false }),
  logger: new DefaultLogger('ERROR'),
});

// The map names files from the package's root on, wherever it was built, and needs no copy of them.
const [program, encoded] = code.split(/^\/\/# sourceMappingURL=data:application\/json;.*base64,/m);
const map = JSON.parse(Buffer.from(encoded, 'base64').toString());
const sources = map.sources.map((source) => source.replace(root, ''));
const lean = Buffer.from(JSON.stringify({ ...map, sources, sourcesContent: undefined })).toString('base64');
const bundle = `${program}//# sourceMappingURL=data:application/json;charset=utf-8;base64,${lean}`;
for (const folder of ['build', 'dist']) {
  await mkdir(`${root}${folder}`, { recursive: true });
  await writeFile(`${root}${folder}/workflow-bundle.js`, bundle);
}
