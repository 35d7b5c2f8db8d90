/**
 * Compares the provider's list with the engine's renders.
 *
 * @module renderonce/audit
 */
export { type Adopt, audit, type AuditTerms } from './audit.js';
export {
  type AuditedMovie,
  type AuditReport,
  type BudgetRepair,
  type Duplicate,
  type Finding,
  hasFindings,
  type KeyMovie,
  type Price,
  type Section,
} from './report.js';
export type { ReservationView, Settlement } from '../render/budget.js';
export type { BudgetLedger, PaidRun, UnreservedMovie } from '../starter/budget-ledger.js';
export { createJson2Video, type Json2VideoOptions } from '../json2video/client.js';
