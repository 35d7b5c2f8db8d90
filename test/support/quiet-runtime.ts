import { DefaultLogger, Runtime } from '@temporalio/worker';

// Once per test process, before any worker: only what a failing test needs to show.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
});
