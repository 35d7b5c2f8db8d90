import process from 'node:process';

/** Says where this process serves, as our own commands do; it ends when told to, and with the one that started it. */
export function announce(url, stop) {
  let ending;
  const end = () => {
    ending ??= stop().finally(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('disconnect', end);
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
}
