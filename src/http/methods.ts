import type { FastifyInstance } from 'fastify';

/**
 * Collects the methods of all routes that are added from now on, and returns a function that names those of a path; an
 * empty list if no route has the path.
 */
export function collectMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
    routes.push({ pattern, methods: [method].flat() });
  });
  return (path) => routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []));
}
