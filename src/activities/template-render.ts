import type { Json2Video } from '../json2video/client.js';
import { withTemplateOwn } from '../movie/template.js';
import type { SubmissionEvidence } from '../render/submission.js';
import type { JsonObject } from '../text/json.js';

/** A movie that can be marked, or the evidence if nothing may be sent now. */
type Completed =
  | {
      readonly movie: JsonObject;
      /** False if our webhook would replace the template's own exports. */
      readonly mayReport: boolean;
      /** The reason why the template's own values are lost, for people. */
      readonly remark?: string;
    }
  | { readonly evidence: SubmissionEvidence };

/**
 * Adds to a template render what its template holds, since our mark and our webhook would replace it. If the template
 * cannot be read, the movie is sent with the mark alone, and the POST tells why.
 */
export async function completeFromTemplate(
  movie: JsonObject,
  reports: boolean,
  readTemplate: Json2Video['template'],
  timeoutMs: number,
): Promise<Completed> {
  const { template, exports } = movie;
  if (typeof template !== 'string') return { movie, mayReport: true };
  const reading = await readTemplate(template, timeoutMs);
  if ('evidence' in reading) return reading;
  if ('own' in reading) return { movie: withTemplateOwn(movie, reading.own, reports), mayReport: true };
  const remark = `the client-data of template ${template} was replaced, because it could not be read: ${reading.unreadable}`;
  return { movie, mayReport: exports !== undefined, remark };
}
