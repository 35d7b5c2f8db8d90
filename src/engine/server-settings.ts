/**
 * Dynamic configuration of the embedded server, which serves one machine. Each value was measured against the server's
 * default in November 2026; bench/README.md has the effect of all together.
 */
const DYNAMIC_CONFIG: Readonly<Record<string, number | boolean>> = {
  /** The default of 20 reads a second and shard makes a workflow task wait 30 ms: the dev server has one shard. */
  'history.transferProcessorMaxPollRPS': 100,
  /**
   * The CLI sets true: each use of a search attribute reads the namespace from the database, 28 reads a render. With
   * false an attribute that is added later is known after 2 s; `setUpEngine` waits for it.
   */
  'system.forceSearchAttributesCacheRefreshOnRead': false,
  /** Partitions share a queue's load between machines. Between the 4 of the default, tasks and pollers are forwarded. */
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

/**
 * Settings of a database file. A write-ahead log needs a third of the disk flushes, and is safe against a kill. The files
 * `-wal` and `-shm` beside the database belong to it. `synchronous` must stay FULL: NORMAL may lose an acknowledged
 * heartbeat at a power cut, and with it the record that a submission was about to be sent.
 */
const FILE_PRAGMAS: Readonly<Record<string, string>> = { journal_mode: 'WAL', synchronous: 'FULL' };

/** Returns the settings of the embedded server as arguments of the CLI. */
export function serverSettings({ onDisk }: { readonly onDisk: boolean }): string[] {
  const config = Object.entries(DYNAMIC_CONFIG).flatMap(([name, value]) => [
    '--dynamic-config-value',
    `${name}=${JSON.stringify(value)}`,
  ]);
  const pragmas = Object.entries(onDisk ? FILE_PRAGMAS : {}).flatMap(([name, value]) => [
    '--sqlite-pragma',
    `${name}=${value}`,
  ]);
  return [...config, ...pragmas];
}
