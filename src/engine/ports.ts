import { createServer, type Server } from 'node:net';
import { EngineError } from './engine-error.js';

interface WantedPorts {
  readonly ip: string;
  /** Undefined or 0: any free port. */
  readonly port?: number | undefined;
  readonly uiPort?: number | undefined;
}

/** Ports of the dev server's frontend and of its UI. */
interface EnginePorts {
  readonly port: number;
  readonly uiPort: number;
}

/**
 * Chooses the ports of the dev server, which refuses 0, by holding both for a moment. Another process may take them before
 * the engine does; then the caller chooses again.
 *
 * @throws EngineError `ENGINE_START_FAILED` if a port that the caller gave cannot be used
 */
export async function choosePorts({ ip, port = 0, uiPort = 0 }: WantedPorts): Promise<EnginePorts> {
  const servers: Server[] = [];
  try {
    const chosen = await hold(servers, ip, port, 'port');
    return { port: chosen, uiPort: await hold(servers, ip, uiPort, 'UI port') };
  } finally {
    await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  }
}

/** Options of the command line for the ports. */
const OPTIONS = { port: '--port', 'UI port': '--ui-port' } as const;

function hold(servers: Server[], ip: string, port: number, role: keyof typeof OPTIONS): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(cannotBeHad(ip, port, role, error)));
    server.listen({ host: ip, port, exclusive: true }, () => {
      servers.push(server);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function cannotBeHad(ip: string, port: number, role: keyof typeof OPTIONS, error: Error): EngineError {
  const code = 'code' in error ? String(error.code) : error.message;
  const where = `${role} ${String(port)} on ${ip}`;
  if (code === 'EADDRINUSE') {
    return new EngineError('ENGINE_START_FAILED', {
      message: `The engine's ${where} is taken by another process.`,
      next: `Stop what uses it, probably another Temporal dev server or \`renderonce dev\`, or choose another ${role} with ${OPTIONS[role]} (0 takes any free one)${role === 'port' ? ', of `up` with --engine-port' : ''}.`,
      cause: error,
    });
  }
  return new EngineError('ENGINE_START_FAILED', {
    message: `The engine's ${where} cannot be used (${code}).`,
    next: `Choose another ${role} with ${OPTIONS[role]} (0 takes any free one), or another address.`,
    cause: error,
  });
}
