import type { Habits } from './habits.js';
import type { Movies } from './movies.js';
import { fault, json, type Reply } from './reply.js';
import { movieReply } from './shape.js';

/** The rest of an account's quota; enough for everything here. */
export const REMAINING_QUOTA = { time: 1_807 } as const;

/** Answers a GET of one project (3.2). */
export function readOne(account: string, query: URLSearchParams, movies: Movies, habits: Habits): Reply {
  const project = query.get('project') ?? query.get('id') ?? '';
  const movie = movies.readable(account, project);
  if (movie === undefined) return unknownProject(project, habits);
  const isSimple = query.get('format') === 'simple';
  const shape = { clientData: habits.readClientData, json: isSimple ? 'absent' : habits.readJson } as const;
  return json(200, {
    success: true,
    movie: movieReply(movie, shape, habits.clockMs),
    remaining_quota: REMAINING_QUOTA,
  });
}

/** C11: four ways to say it, and the live one is a leaked error. */
function unknownProject(project: string, habits: Habits): Reply {
  switch (habits.unknownProject) {
    case 'leak':
      return json(400, {
        success: false,
        message: "TypeError: Cannot read properties of null (reading 'success')",
      });
    case 'not found':
      return fault(404, 'Project not found', habits);
    case 'empty':
      return json(200, { success: true, movie: {}, remaining_quota: REMAINING_QUOTA });
    case 'error status':
      return json(200, {
        success: true,
        movie: { success: false, project, status: 'error', message: 'Project not found', url: null },
        remaining_quota: REMAINING_QUOTA,
      });
  }
}
