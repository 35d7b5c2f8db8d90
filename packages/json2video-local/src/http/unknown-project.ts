import type { JsonObject } from '../json.js';
import type { Quirks } from '../quirks.js';
import type { Reply } from './reply.js';
import { jsonReply, leakedError } from './reply.js';

/** The status of a project that this account does not have: five beliefs are in circulation (C11). */
export function unknownProject(quirks: Quirks, project: string, quota: JsonObject): Reply {
  const answered = { success: true, remaining_quota: quota };
  const message = `Movie ${project} not found`;
  switch (quirks.unknownProject) {
    case 400:
      return leakedError();
    case 404:
      return jsonReply(404, { success: false, message });
    case 'empty':
      return jsonReply(200, { ...answered, movie: {} });
    case 'missing':
      return jsonReply(200, answered);
    case 'error':
      return jsonReply(200, { ...answered, movie: { success: false, status: 'error', message, project } });
  }
}

/** Deleting such a project: the same leaked error, or the documented 404. */
export function unknownToDelete(quirks: Quirks, project: string): Reply {
  return quirks.unknownProject === 404 ? unknownProject(quirks, project, {}) : leakedError();
}
