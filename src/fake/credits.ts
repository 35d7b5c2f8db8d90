export interface FakeCredits {
  /** What is left. */
  readonly balance: number;
  /** Everything charged so far: renders and assets. */
  readonly spent: number;
  /** The part of `spent` that went to generated assets. */
  readonly assets: number;
}

/** The account's purse. One credit buys one started second of output, at any size. */
export class Credits {
  #balance: number;
  #spent = 0;

  constructor(balance: number) {
    this.#balance = balance;
  }

  static priceOf(durationSeconds: number): number {
    return Math.ceil(durationSeconds);
  }

  get balance(): number {
    return this.#balance;
  }

  /** False, and nothing charged, when the balance does not suffice: the provider never bills an overage. */
  charge(credits: number): boolean {
    if (credits > this.#balance) return false;
    this.#balance -= credits;
    this.#spent += credits;
    return true;
  }

  view(): FakeCredits {
    return { balance: this.#balance, spent: this.#spent, assets: 0 };
  }
}
