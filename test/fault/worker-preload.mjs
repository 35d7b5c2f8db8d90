/**
 * Loaded into a worker by `--import`, for what no place outside the process can do.
 *
 * A POST that has read its reply destroys its connection before it returns: that moment is made to last until the port
 * in FAULT_RETURN_GATE hangs up. What the worker tells the engine is not compressed, so that a proxy can see it.
 */
import { connect } from 'node:net';
import { NativeConnection } from '@temporalio/worker';
import { Client } from 'undici';

const port = Number(process.env['FAULT_RETURN_GATE']);
const destroying = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Client.prototype), 'destroy');

Client.prototype.destroy = async function destroyAtTheGate(...args) {
  await new Promise((resolve) => {
    connect(port, '127.0.0.1').on('error', resolve).on('close', resolve).resume();
  });
  return destroying.value.apply(this, args);
};

const connectCompressed = NativeConnection.connect.bind(NativeConnection);

NativeConnection.connect = (options) => connectCompressed({ ...options, grpcCompression: { codec: 'none' } });
