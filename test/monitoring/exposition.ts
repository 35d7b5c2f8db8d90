/** One sample of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a scrape. */
export async function scrape(url: string): Promise<readonly Sample[]> {
  return samplesIn(await (await fetch(`${url}/metrics`)).text());
}

export function samplesIn(page: string): readonly Sample[] {
  return [...page.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text]),
    ),
    value: Number(value),
  }));
}

/** The sum of all samples of a name that carry these labels. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

/** The metrics that a text names: ours, and those of Temporal's SDK. */
export function namedIn(text: string): string[] {
  return [...new Set(text.match(/\b(?:renderonce|temporal)_[a-z_]+[a-z]\b/g))].toSorted();
}

/** What a text names, and nothing exports. */
export function unexported(text: string, samples: readonly Sample[]): string[] {
  const exported = new Set(samples.map(({ name }) => name));
  return namedIn(text).filter((name) => !exported.has(name));
}
