/** The calls to the provider, as its guide writes them: the same for every alternative. */
import process from 'node:process';

const { PROVIDER_URL, PROVIDER_API_KEY } = process.env;
const headers = { 'x-api-key': PROVIDER_API_KEY, 'content-type': 'application/json' };

/**
 * Pays for a movie. The mark is what faults are aimed by and what the bench counts by; no alternative reads it.
 */
export async function postMovie(key, movie, webhookUrl) {
  const reply = await fetch(`${PROVIDER_URL}/v2/movies`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      ...movie,
      'client-data': { renderonce: { key } },
      exports: [{ destinations: [{ type: 'webhook', endpoint: webhookUrl }] }],
    }),
  });
  const { success, project, message } = await reply.json();
  if (!success) throw new Error(message);
  return project;
}

/** The URL of a finished video; null while it is being rendered. */
export async function checkMovie(project) {
  const reply = await fetch(`${PROVIDER_URL}/v2/movies?project=${project}`, { headers });
  const { movie } = await reply.json();
  if (movie.status === 'error') throw new Error(movie.message);
  return movie.status === 'done' ? movie.url : null;
}

/** What a delivery says; two of its documented shapes put it at different depths. */
export function deliveredMovie(body) {
  const { project, url } = body.movie ?? body;
  return { project, url };
}

/** The provider's advice: poll once in 5 to 10 s. All alternatives do so where the webhook does not come. */
export const POLL_SECONDS = 10;
