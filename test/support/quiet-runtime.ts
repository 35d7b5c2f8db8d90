import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';

// Only what a failing test needs to show. Test files that share a process share its runtime, which is installed once.
try {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
  });
} catch (error) {
  if (!(error instanceof IllegalStateError)) throw error;
}
