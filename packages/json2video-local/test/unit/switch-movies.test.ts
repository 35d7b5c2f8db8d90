import { describe } from 'vitest';

import type { PositionCase } from './positions.js';
import { testPositions } from './positions.js';
import { post, releaseFakes } from './support.js';

releaseFakes();

describe('movies that the sources judge differently', () => {
  const text = { type: 'text', text: 'a' };
  const accepts = (says: string, movie: object, code: number): PositionCase => [
    says,
    async (start) => [(await post(await start({ switches: { validation: 'post' } }), movie)).code, code],
  ];
  const small = { width: '640', height: '360', scenes: [{ duration: 2, elements: [text] }] };
  testPositions('-', 'sidesAsText', {
    accepted: accepts('a text is read as a number', small, 200),
    refused: accepts('a text is no integer', small, 400),
  });

  const overlay = { elements: [{ ...text, duration: 3 }] };
  testPositions('-', 'missingScenes', {
    accepted: accepts("the movie's own elements are enough", overlay, 200),
    refused: accepts('`scenes` is required', overlay, 400),
  });

  const captions = { scenes: [{ duration: 2, elements: [text, { type: 'subtitles' }] }] };
  testPositions('-', 'sceneSubtitles', {
    accepted: accepts('they are taken', captions, 200),
    refused: accepts('they match no schema', captions, 400),
  });
});
