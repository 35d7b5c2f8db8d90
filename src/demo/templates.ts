import { readFile } from 'node:fs/promises';
import type { FakeOptions } from 'json2video-local';
import { isJsonObject, parseJson } from '../text/json.js';

/** The templates that the demo's movies name, as the provider's account would hold them. */
export async function demoTemplates(): Promise<NonNullable<FakeOptions['templates']>> {
  const folder = new URL('../../examples/movies/', import.meta.url);
  const [render, card] = await Promise.all(
    ['template-render.json', 'hello-card.json'].map(async (name) =>
      parseJson(await readFile(new URL(name, folder), 'utf8')),
    ),
  );
  if (!isJsonObject(render) || typeof render['template'] !== 'string' || !isJsonObject(card)) {
    throw new Error('examples/movies/template-render.json names no template');
  }
  return { [render['template']]: { name: 'campaign ad', movie: { ...card } } };
}
