import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { PERSON_CHARACTERS } from '../../render/limits.js';
import { shorten } from '../../text/text.js';

/** Returns the name of the user of this process, for decisions on record. */
export function userName(): string {
  try {
    return shorten(userInfo().username, PERSON_CHARACTERS);
  } catch {
    // A container's user may have no name.
    return 'unnamed';
  }
}

/**
 * Shows the evidence and asks the user on a terminal; every answer but yes is a no. Without a terminal it asks nobody and
 * returns true: the author of the script has decided.
 */
export async function confirmed(evidence: readonly string[], question: string): Promise<boolean> {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return true;
  output.write(`${evidence.join('\n')}\n\n`);
  const prompt = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
