/** Health check of a container that serves HTTP: exits with 0 if the address answers 2xx. The slim image has no curl. */
const [, , url = ''] = process.argv;
const isWell = await fetch(url).then(
  (reply) => reply.ok,
  () => false,
);
process.exit(isWell ? 0 : 1);
