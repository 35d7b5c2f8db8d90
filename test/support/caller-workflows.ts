/** Workflows of a user, for the tests of `renderonce/workflow`. */
import { continueAsNew, sleep } from '@temporalio/workflow';
import { type MovieInput, renderFailureOf, renderOnce, type RenderOnceOptions } from 'renderonce/workflow';

export { fulfilOrder } from '../../examples/order-workflow.js';

/** Renders, and answers with the project. */
export async function renderMovieOf(
  key: string,
  movie: MovieInput,
  options?: RenderOnceOptions,
): Promise<string> {
  return (await renderOnce(key, movie, options)).project;
}

/** Renders, and answers with the failure. */
export async function failureOfRender(
  key: string,
  movie: MovieInput,
  options?: RenderOnceOptions,
): Promise<unknown> {
  try {
    return await renderOnce(key, movie, options);
  } catch (error) {
    return renderFailureOf(error);
  }
}

/** Continues as new while its render goes on, and waits for it in the new run. */
export async function renewedWhileWaiting(
  key: string,
  movie: MovieInput,
  isRenewed = false,
): Promise<string> {
  const rendering = renderOnce(key, movie);
  if (isRenewed) return (await rendering).project;
  await Promise.race([rendering, sleep('2s')]);
  return continueAsNew<typeof renewedWhileWaiting>(key, movie, true);
}

/** Asks for movies that no engine holds, one after the other, and answers with the failures. */
export async function impossibleMovies(key: string, bytes: number): Promise<unknown[]> {
  const movies: object[] = [{ comment: 'x'.repeat(bytes) }, { length: 1n }];
  const failures: unknown[] = [];
  for (const movie of movies) failures.push(await failureOfRender(key, movie));
  return failures;
}
