import { createInterface } from 'node:readline/promises';

/**
 * Shows the evidence and asks a person on a terminal; anything but yes is a no. Where nobody can be asked, whoever wrote
 * the command has decided.
 */
export async function confirmed(evidence: readonly string[], question: string): Promise<boolean> {
  const { stdin: input, stderr: output } = process;
  if (!input.isTTY || !output.isTTY) return true;
  output.write(`${evidence.join('\n')}\n\n`);
  const asking = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
