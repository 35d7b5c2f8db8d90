import { z } from 'zod';
import type { Alternative } from './alternative.js';
import { httpCaller } from './http-caller.js';
import { startBackend } from './server-process.js';

const project = z.object({ project: z.string() });
const video = z.object({ url: z.string() });

/** An alternative that is one backend and its database; `script` serves the routes of `child/serve.mjs`. */
export async function startRoutedBackend(
  script: URL,
  settings: Readonly<Record<string, string>>,
): Promise<Alternative> {
  const backend = await startBackend(script, settings);
  const caller = httpCaller();
  return {
    submit: async (key, movie) =>
      project.parse(await caller.ask('POST', `${backend.url}/renders/${key}`, movie)).project,
    result: async (key) => video.parse(await caller.ask('GET', `${backend.url}/renders/${key}/result`)),
    get processIds() {
      return [backend.pid];
    },
    crash: () => backend.crash(),
    stop: async () => {
      await caller.close();
      await backend.stop();
    },
  };
}
