// Stands in for a tunnel: passes requests on to the port that it is asked to, and says under which public address it would.
import { createServer, request } from 'node:http';

const TUNNELS = {
  cloudflared: [/^tunnel --url http:\/\/127\.0\.0\.1:(\d+)$/, 'https://four-random-words.trycloudflare.com'],
  ngrok: [/^http (\d+)$/, 'https://four-random-words.ngrok-free.app'],
  ssh: [/^-f -N -R \d+:127\.0\.0\.1:(\d+) \w+@[\w.]+$/],
};

const [name, ...args] = process.argv.slice(2);
const [form, address] = TUNNELS[name] ?? [];
const port = form?.exec(args.join(' '))?.[1];
if (port === undefined) throw new Error(`${name} is not called so: ${args.join(' ')}`);
if (address !== undefined) {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request({ port, method, path: url, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`starting\n${address} -> http://127.0.0.1:${server.address().port}\nforwarding\n`);
  });
}
