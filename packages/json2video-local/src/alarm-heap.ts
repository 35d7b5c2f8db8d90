export interface Alarm {
  readonly dueMs: number;
  readonly ring: (dueMs: number) => void;
}

/** Alarms by their time, the earliest at hand; those of one moment ring in the order in which they were set. */
export class AlarmHeap {
  #heap: { readonly alarm: Alarm; readonly order: number }[] = [];
  #lastOrder = 0;

  get first(): Alarm | undefined {
    return this.#heap[0]?.alarm;
  }

  push(alarm: Alarm): void {
    this.#lastOrder += 1;
    let place = this.#heap.length;
    this.#heap.push({ alarm, order: this.#lastOrder });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  /** Removes the first. */
  pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const child = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(child, place)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  clear(): void {
    this.#heap = [];
  }

  /** False where there is nothing at the first place. */
  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    const byTime = a.alarm.dueMs - b.alarm.dueMs;
    return byTime === 0 ? a.order < b.order : byTime < 0;
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
