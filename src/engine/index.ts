export { copyDatabase, readCopiedNote } from './database-copy.js';
export { EngineDatabase } from './engine-database.js';
export { EngineError, folderFault } from './engine-error.js';
export type { EngineOptions } from './engine-options.js';
export { findEngine, isSuitableServer, OLDEST_SERVER } from './find-engine.js';
export { type RunningEngine, startEngine } from './start-engine.js';
