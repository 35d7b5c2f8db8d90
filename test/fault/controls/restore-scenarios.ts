import { lost, meets, type Setup } from '../../support/provider-setups.js';
import { DAY, scripted } from './scripted.js';

/** After its third reading the engine goes back to a time before the resubmission, which the provider had accepted. */
const acceptedAfterBackup: Setup = (provider) => {
  const list = provider.list.bind(provider);
  provider.list = async function* (since) {
    yield* list(since);
    const [movie] = provider.sent;
    if (provider.looks.length !== 3 || movie === undefined) return;
    await provider.accept(movie);
    provider.lookFrom = new Date((await provider.now()) - DAY * 1_000).toISOString();
  };
};

export const RESTORED_EARLY = scripted({
  name: 'the engine is restored to the time between a look in vain and the resubmission, and RENDERONCE_LOOK_FROM is a day too early',
  ends: 'done',
  given: [acceptedAfterBackup, meets(lost)],
});
