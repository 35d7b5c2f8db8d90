import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readStartedRun } from '../../temporal/started-run.js';
import { askEngine } from '../../temporal/ask-engine.js';
import { type ApiDependencies, callerOf, waitSignal } from '../api.js';
import { engineKeyOf } from '../caller.js';
import { Refusal } from '../refusal.js';
import { createFindProject } from './find-project.js';
import { providerMovie } from './movie-view.js';
import { type Base, failures } from './schemas.js';

/** The answer about one project. */
const projectSchema = z
  .object({
    success: z.literal(true),
    movie: z.looseObject({
      project: z.string(),
      success: z.boolean().optional().describe('The end of the render; absent before it'),
      status: z.enum(['pending', 'running', 'done', 'error']),
      message: z.string(),
      url: z.string().nullable(),
      ass: z.string().nullable(),
      created_at: z.string(),
      ended_at: z.string().nullable(),
      'client-data': z.unknown(),
      json: z.string().optional().describe('The submitted movie; absent with format=simple'),
    }),
    remaining_quota: z.looseObject({}).describe('Empty: the server does not know it'),
  })
  .meta({ id: 'DropInProject' });

/** The provider's answer to an unknown project, observed live: an error of its server that leaks out (API page, 3.4). */
const UNKNOWN = {
  success: false,
  message: "TypeError: Cannot read properties of null (reading 'success')",
} as const;

const querystring = z.looseObject({
  project: z.string().optional().describe('The project to read'),
  id: z.string().optional().describe('Another name of project'),
  format: z.string().optional().describe('simple leaves out the submitted movie'),
});

/** Adds `GET /v2/movies`, which tells of one project what the engine knows, in the provider's shape. */
export function addStatusRoute(
  app: FastifyInstance,
  dependencies: ApiDependencies,
  { path, suffix, params }: Base,
): void {
  const { client, stopping } = dependencies;
  const findProject = createFindProject(dependencies);
  const schema = {
    operationId: `readMovie${suffix}`,
    summary: 'Read one project in the shape of JSON2Video; a list is refused',
    params,
    querystring,
    response: { 200: projectSchema.describe('The project, whatever its end'), ...failures() },
  };
  type Route = { Params: { key?: string }; Querystring: z.output<typeof querystring> };
  app.get<Route>(`${path}/movies`, { config: { scope: 'read' }, schema }, async (request, reply) => {
    const caller = callerOf(request);
    const { key: pathKey } = request.params;
    const { id, project = id, format } = request.query;
    if (project === undefined || project === '')
      throw new Refusal(
        'NotOffered',
        'this server lists movies at GET /v1/renders only; ask for one project',
      );
    const key = pathKey === undefined ? undefined : engineKeyOf(caller, pathKey);
    const found = await findProject(caller, project, key, waitSignal(reply.raw, stopping));
    if (found === undefined) return reply.code(400).send(UNKNOWN);
    const { movie } = await askEngine(client, found.key, () =>
      readStartedRun(client, { workflowId: found.key }),
    );
    // Another client may have started the key anew by now, without a movie.
    if (movie === undefined) return reply.code(400).send(UNKNOWN);
    const answer = providerMovie({ ...found, movie }, format, Date.now());
    return reply.send({ success: true, movie: answer, remaining_quota: {} });
  });
}
