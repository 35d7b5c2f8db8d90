/** One thing that a doctor looks at. */
export interface Check {
  readonly name: string;
  /** `wrong`: renders fail, wait or are paid twice; `warning`: they work, and something is worth knowing. */
  readonly level: 'ok' | 'warning' | 'wrong';
  readonly message: string;
  /** What to do, as a sentence; there for all that is not ok. */
  readonly fix?: string;
}

export const ok = (name: string, message: string): Check => ({ name, level: 'ok', message });

export const warning = (name: string, message: string, fix: string): Check => ({
  name,
  level: 'warning',
  message,
  fix,
});

export const wrong = (name: string, message: string, fix: string): Check => ({
  name,
  level: 'wrong',
  message,
  fix,
});

/** One line a check. */
export function checkLine({ name, level, message, fix }: Check): string {
  return `${level.padEnd(7)}  ${name.padEnd(17)}  ${message}${fix === undefined ? '' : `. Fix: ${fix}`}`;
}
