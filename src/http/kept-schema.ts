import { z } from 'zod';

/** The copy of a video. */
export const keptSchema = z
  .object({
    project: z.string(),
    store: z.string().describe('Address of the copy: s3://… or file:///…'),
    url: z.string().optional().describe('Lasting link to the copy'),
    sha256: z.string(),
    sizeBytes: z.number().int(),
    keptAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Kept' });
