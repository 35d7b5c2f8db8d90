/** The credits of the account, in seconds of video. */
export interface FakeCredits {
  /** What is left. */
  readonly balance: number;
  /** Everything charged so far: renders and assets. */
  readonly spent: number;
  /** The part of `spent` that went to generated assets. */
  readonly assets: number;
}

/**
 * The account's purse. At all times the balance and what was spent add up to what was granted, and what was spent
 * is what the movies of the ledger were charged.
 */
export class Credits {
  #balance: number;
  #spent = 0;
  #assets = 0;

  /** Called after every change. */
  onChange: () => void = () => undefined;

  constructor(balance: number) {
    this.#balance = balance;
  }

  get balance(): number {
    return this.#balance;
  }

  /** False, and nothing charged, when the balance does not suffice: the provider never bills an overage. */
  charge(credits: number, what: 'render' | 'asset'): boolean {
    if (credits > this.#balance) return false;
    this.book(credits, what);
    return true;
  }

  /** Charges whatever the balance: for what an earlier run of this fake has charged already. */
  book(credits: number, what: 'render' | 'asset'): void {
    this.#balance -= credits;
    this.#spent += credits;
    if (what === 'asset') this.#assets += credits;
    this.onChange();
  }

  /** Credits were bought. */
  grant(credits: number): void {
    this.#balance += credits;
    this.onChange();
  }

  view(): FakeCredits {
    return { balance: this.#balance, spent: this.#spent, assets: this.#assets };
  }
}
