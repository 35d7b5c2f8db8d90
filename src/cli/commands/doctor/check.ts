/** Result of one check. */
export interface Check {
  readonly name: string;
  /** `wrong`: renders fail, wait or are paid twice. `warning`: they work, but a person should know something. */
  readonly level: 'ok' | 'warning' | 'wrong';
  readonly message: string;
  /** Correction, as a sentence; present unless the level is `ok`. */
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

/** Returns a check in one line. */
export function checkLine({ name, level, message, fix }: Check): string {
  return `${level.padEnd(7)}  ${name.padEnd(17)}  ${message}${fix === undefined ? '' : `. Fix: ${fix}`}`;
}
