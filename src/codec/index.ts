export { encryptingCodec, encryptingDataConverter } from './data-converter.js';
