import type { Config } from '../../../config.js';
import { createJson2Video } from '../../../json2video/client.js';
import { requireNamespaceOfMarks } from '../../../json2video/namespaces-in-list.js';
import { ConfigInvalid } from '../../../render/errors.js';
import { engineOf } from '../../connect.js';
import { type Check, ok, wrong } from './check.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Checks a restored engine's namespace against the marks in the provider's list; without a restore there is nothing to check. */
export async function checkNamespaceOfMarks(config: Config, env: Environment): Promise<Check[]> {
  const { lookFrom, apiKey, json2videoUrl: url } = config;
  if (lookFrom === undefined || apiKey === undefined) return [];
  const { namespace } = engineOf(config);
  const json2video = createJson2Video({ url, apiKey: apiKey.reveal(), now: Date.now, env });
  try {
    await requireNamespaceOfMarks(json2video, namespace, lookFrom);
    return [
      ok('restore', `each first submission is looked for from ${lookFrom} on, in namespace ${namespace}`),
    ];
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    return [wrong('restore', error.message, error.next)];
  } finally {
    await json2video.close();
  }
}
