/**
 * Loaded into a worker by `--import`. A POST that has read its reply destroys its connection before it returns: that
 * moment is made to last until the port in FAULT_RETURN_GATE hangs up. No place outside the process is as exact.
 */
import { connect } from 'node:net';
import { Client } from 'undici';

const port = Number(process.env['FAULT_RETURN_GATE']);
const destroy = Client.prototype.destroy;

Client.prototype.destroy = async function destroyAtTheGate(...args) {
  await new Promise((resolve) => {
    connect(port, '127.0.0.1').on('error', resolve).on('close', resolve).resume();
  });
  return destroy.apply(this, args);
};
