import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from './bundle.js';
import { timeSkippingBinary } from './time-skipping-binary.js';

declare module 'vitest' {
  export interface ProvidedContext {
    workflowBundle: string;
    timeSkippingBinary: string;
  }
}

/** Bundles the workflow once and finds the time-skipping server once, for all files of the project. */
export default async function setup(project: TestProject): Promise<void> {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  project.provide('workflowBundle', await bundleWorkflows(workflowsPath));
  project.provide('timeSkippingBinary', await timeSkippingBinary());
}
