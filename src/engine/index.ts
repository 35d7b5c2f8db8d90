export { EngineError } from './engine-error.js';
export type { EngineOptions } from './engine-options.js';
export { findEngine } from './find-engine.js';
export { type RunningEngine, startEngine } from './start-engine.js';
export { isSuitableServer, OLDEST_SERVER } from './server-version.js';
