/** The credits of the account. */
export interface FakeCredits {
  /** Credits left. */
  readonly balance: number;
  /** Everything charged so far: renders and assets. */
  readonly spent: number;
  /** The part of `spent` that went to generated assets. */
  readonly assets: number;
}

/**
 * The account's balance. At all times balance and spent credits add up to the granted ones, and the spent credits are
 * the charges of the ledger's movies.
 */
export class Credits {
  #initial: number;
  #balance: number;
  #spent = 0;
  #assets = 0;

  /** Called after every change. */
  onChange: () => void = () => undefined;

  /** @param initial balance of a new account */
  constructor(initial: number) {
    this.#initial = initial;
    this.#balance = initial;
  }

  get initial(): number {
    return this.#initial;
  }

  /** Makes it the account that began with this balance. */
  beganWith(initial: number): void {
    this.#balance += initial - this.#initial;
    this.#initial = initial;
  }

  get balance(): number {
    return this.#balance;
  }

  /** Charges credits. False, with nothing charged, if the balance is too low: the provider bills no overage. */
  charge(credits: number, what: 'render' | 'asset'): boolean {
    if (credits > this.#balance) return false;
    this.book(credits, what);
    return true;
  }

  /** Charges without a look at the balance: for the charges of an earlier run. */
  book(credits: number, what: 'render' | 'asset'): void {
    this.#balance -= credits;
    this.#spent += credits;
    if (what === 'asset') this.#assets += credits;
    this.onChange();
  }

  /** Adds bought credits. */
  grant(credits: number): void {
    this.#balance += credits;
    this.onChange();
  }

  view(): FakeCredits {
    return { balance: this.#balance, spent: this.#spent, assets: this.#assets };
  }
}
