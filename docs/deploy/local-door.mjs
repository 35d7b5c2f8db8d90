/**
 * Forwards connections from the compose network and the host's loopback to the local JSON2Video, which listens only on
 * 127.0.0.1 of its container. For the profile `local` only, because the control interface asks for no key.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const { DOOR_PORT = '8091', FAKE_PORT = '8090' } = process.env;

const door = createServer((outside) => {
  const inside = connect(Number(FAKE_PORT), '127.0.0.1');
  pipeline(outside, inside, outside, () => undefined);
}).listen(Number(DOOR_PORT));
await once(door, 'listening');
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit());
process.stdout.write(`door: http://127.0.0.1:${door.address().port}\n`);
