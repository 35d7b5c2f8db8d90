/**
 * A local JSON2Video that costs nothing, for tests and development.
 *
 * @module json2video-local
 */
export type { FakeCredits } from './account/credits.js';
export type { FakeKey, Role } from './account/keys.js';
export type { FakePlan } from './account/plan.js';
export type { FakeTemplate } from './account/templates.js';
export { readFakeConfig } from './config-file.js';
export type { FakeJson2Video, MovieFilter } from './fake.js';
export type { FaultRuleInput } from './faults/fault-rule.js';
export { parseFaultRule } from './faults/fault-rule.js';
export { OptionInvalid } from './invalid.js';
export type { FakeMovie, WebhookRecord } from './movies/movie.js';
export type { FakeOptions } from './options.js';
export type { Call, FakeRequest, RequestFilter } from './records/journal.js';
export type { ScenarioName } from './scenarios.js';
export { scenarioList } from './scenarios.js';
export { startFakeJson2Video } from './server.js';
export type { SwitchView } from './switch-board.js';
export { switchTable } from './switch-board.js';
export type { Switches, SwitchSettings } from './switches.js';
export type { FakeConnection, OtherDestination } from './webhooks/destinations.js';
