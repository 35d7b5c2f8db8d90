import { CARD, freshKey, type Stage } from './stage.js';

/** Renders one movie, so that the account of the stage is no new one: a look that shows it proves an absence. */
export async function acceptWitness({ renders }: Pick<Stage, 'renders'>): Promise<void> {
  await renders.submitOnce(freshKey('witness'), CARD);
}
