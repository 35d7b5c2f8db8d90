import { jsonReply, refusal } from '../http/reply.js';
import { projectParameter } from '../http/request-url.js';
import type { CallHandler } from '../http/serve.js';
import { unknownToDelete } from '../http/unknown-project.js';

/** `DELETE /v2/movies?project=`: the file goes, the record stays; no refund; a running render goes on. */
export const deleteMovie: CallHandler = (world, { call, query }) => {
  const quirks = world.quirks.current;
  const project = projectParameter(query) ?? '';
  if (!/^[A-Za-z0-9]{16}$/.test(project)) {
    const message = "A 16-character project ID must be provided in the 'project' query parameter";
    return { reply: refusal(quirks, call, 400, message) };
  }
  const movie = world.store.get(project);
  if (movie === undefined) return { reply: unknownToDelete(quirks, project) };
  const deletedAt = new Date(world.renders.remove(movie)).toISOString();
  const timestamp = new Date(world.clock.now()).toISOString();
  return { reply: jsonReply(200, { success: true, project, deleted_at: deletedAt, timestamp }) };
};
