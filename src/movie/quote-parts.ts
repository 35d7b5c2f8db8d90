/** One part of a quote. */
export interface QuotePart {
  /** A few words for a person, e.g. `image by flux-pro`. They may change. */
  readonly what: string;
  /** 0 for a part that is free, or whose price is not known. */
  readonly credits: number;
  /** Path in the movie, e.g. `scenes[0].elements[1]`; absent for the movie as a whole. */
  readonly path?: string;
}

/** Parts of a quote that are listed one by one; the last of them stands for all others. */
const MAX_PARTS = 100;

/** Joins equal parts of repeated scenes, and those beyond the limit. The sum of the credits stays. */
export function joinedParts(parts: readonly QuotePart[]): QuotePart[] {
  const groups = new Map<string, { readonly part: QuotePart; count: number; credits: number }>();
  for (const part of parts) {
    const name = JSON.stringify([part.path, part.what]);
    const group = groups.get(name) ?? { part, count: 0, credits: 0 };
    group.count += 1;
    group.credits += part.credits;
    groups.set(name, group);
  }
  const joined = [...groups.values()].map(({ part, count, credits }) => ({
    ...part,
    ...(count === 1 ? {} : { what: `${count} × ${part.what}` }),
    credits,
  }));
  if (joined.length <= MAX_PARTS) return joined;
  const others = joined.slice(MAX_PARTS - 1);
  const credits = others.reduce((sum, part) => sum + part.credits, 0);
  return [...joined.slice(0, MAX_PARTS - 1), { what: `${others.length} more parts`, credits }];
}
