import { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { quietRuntime } from '../support/quiet-runtime.js';
import { timeSkippingBinary } from '../support/time-skipping-binary.js';

test('the time-skipping server is at hand and runs', async () => {
  quietRuntime();
  const path = await timeSkippingBinary();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  const before = await environment.currentTimeMs();
  await environment.sleep('1 hour');
  const after = await environment.currentTimeMs();
  await environment.teardown();
  expect(after - before).toBeGreaterThanOrEqual(3_600_000);
});
