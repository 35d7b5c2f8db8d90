export { encryptingCodec, encryptingDataConverter } from './data-converter.js';
export { startCodecServer } from './server.js';
