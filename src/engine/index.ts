export { EngineError, type EngineErrorCode } from './engine-error.js';
export type { EngineExit } from './engine-process.js';
export type { EngineOptions } from './engine-options.js';
export { type EngineSource, findEngine, type FindEngineOptions, type FoundEngine } from './find-engine.js';
export { type RunningEngine, startEngine } from './start-engine.js';
