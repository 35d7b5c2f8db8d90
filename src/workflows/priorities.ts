/**
 * Whose requests go first where the engine limits how many there are: a movie's, then what settles a doubt. Checks have
 * the engine's default, 3.
 */
export const SUBMIT_PRIORITY = { priorityKey: 1 } as const;
export const LOOK_PRIORITY = { priorityKey: 2 } as const;
