/**
 * Compares what the provider accepted with what the renders know.
 *
 * @module renderonce/audit
 */
export { type Adopt, audit, type AuditTerms } from './audit.js';
export type { AuditedMovie, Price } from './movie.js';
export {
  type AuditReport,
  type Duplicate,
  type Finding,
  type FoundMovie,
  hasFindings,
  type Section,
} from './report.js';
export { createJson2Video, type Json2VideoOptions } from '../json2video/client.js';
