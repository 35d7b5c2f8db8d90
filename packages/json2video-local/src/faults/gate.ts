/** Holds whoever waits at it until it is opened, once and for good. */
export class Gate {
  readonly #waiting = new Set<() => void>();
  #open = false;

  /** Resolves when the gate opens, or when `gone` resolves, whichever is first. */
  async wait(gone: Promise<void>): Promise<void> {
    if (this.#open) return;
    await new Promise<void>((resolve) => {
      const pass = (): void => {
        if (this.#waiting.delete(pass)) resolve();
      };
      this.#waiting.add(pass);
      void gone.then(pass);
    });
  }

  /** How many were let through. */
  open(): number {
    const released = this.#waiting.size;
    this.#open = true;
    for (const pass of this.#waiting) pass();
    return released;
  }
}
