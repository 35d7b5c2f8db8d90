import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findEngine } from '../../src/engine/index.js';
import { bundleCompiled } from './bundle.js';
import { type Plant, plantDist, type PlantedDist } from './planted-dist.js';
import { type Env, type Running, startCommand } from './processes.js';
import type { Stage } from './stage.js';
import { until } from './until.js';

const execute = promisify(execFile);

/** A change that a release may make while renders are in flight: people see other words. */
export const OTHER_WORDS: Plant = {
  file: 'render/details.js',
  from: "labelled('What comes next', awaited)",
  to: "labelled('Next', awaited)",
};

/** Workers of a stage in versions, with Temporal's own command line, as an operator has it. */
export class Versions {
  readonly name: string;
  readonly #stage: Stage;
  readonly #workers = new Set<Running>();

  constructor(stage: Stage, name: string) {
    this.#stage = stage;
    this.name = name;
  }

  /** Starts a worker of a version; of a planted copy if one is given. */
  async start(buildId: string, { dist }: Partial<PlantedDist> = {}, env: Env = {}): Promise<Running> {
    const version = { TEMPORAL_DEPLOYMENT_NAME: this.name, TEMPORAL_WORKER_BUILD_ID: buildId };
    const worker = await startCommand(['worker'], { ...this.#stage.env, ...version, ...env }, { dist });
    this.#workers.add(worker);
    return worker;
  }

  /** Runs a command line of Temporal's, as `sh` does; returns what it prints. */
  async run(command: string): Promise<string> {
    const { path } = await findEngine({ env: process.env });
    const { address, namespace } = this.#stage.engine;
    const env = { ...process.env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
    const { stdout } = await execute('sh', ['-c', command.replace(/^temporal /, `'${path}' `)], { env });
    return stdout;
  }

  /** Repeats a command until the engine takes it: a version is known some moments after its first poll. */
  async #succeed(command: string): Promise<void> {
    let last = '';
    await until(
      () => `${command} succeeds: ${last}`,
      () =>
        this.run(command).then(
          () => true,
          (error: unknown) => {
            last = String(error);
            return false;
          },
        ),
    );
  }

  async setCurrent(buildId: string): Promise<void> {
    await this.#succeed(
      `temporal worker deployment set-current-version --yes --deployment-name ${this.name} --build-id ${buildId}`,
    );
  }

  async ramp(buildId: string, percentage: number): Promise<void> {
    await this.#succeed(
      `temporal worker deployment set-ramping-version --yes --deployment-name ${this.name} --build-id ${buildId} --percentage ${percentage}`,
    );
  }

  /** Returns the build ID of the last workflow task of a key. */
  async buildIdOf(key: string): Promise<string> {
    const { raw } = await this.#stage.client.workflow.getHandle(key).describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? 'none';
  }

  /** Kills what still runs. */
  async close(): Promise<void> {
    for (const worker of this.#workers) worker.kill('SIGKILL');
    await Promise.all([...this.#workers].map((worker) => worker.exit));
  }
}

/** Compiled code with a change of the workflows, and with the bundle that a build would make of it. */
export async function plantBuild(plants: readonly Plant[]): Promise<PlantedDist> {
  const planted = await plantDist(plants);
  await writeFile(join(planted.dist, 'workflow-bundle.js'), await bundleCompiled(planted.dist));
  return planted;
}
