import type * as Receiver from '../../../src/receiver/index.js';
import { freshKey, SECRET } from '../../support/stage.js';
import type { Violation } from '../check.js';
import type { ControlScenario } from './control.js';
import { load } from './skipped-run.js';

const BODY = JSON.stringify({ project: 'p'.repeat(16), status: 'done' });

export const UNDELIVERABLE: ControlScenario = {
  name: 'webhooks come with a bad token, for a key that nobody knows, and while the engine takes nothing',
  play: async ({ dist, stage }) => {
    const { createWebhookHandler, signToken } = await load<typeof Receiver>(dist, 'receiver/index.js');
    const secrets = [SECRET];
    const deliver = async (token: string, now: () => number = Date.now): Promise<number> => {
      const handle = createWebhookHandler({ client: stage.client, secrets, now });
      const headers = { 'content-type': 'application/json' };
      const url = `https://hooks.example.com/json2video/${token}`;
      return (await handle(new Request(url, { method: 'POST', headers, body: BODY }))).status;
    };
    const token = signToken(freshKey('nobody'), new Date(Date.now() + 600_000), secrets);
    const [bad, unknown] = [await deliver(`${token}x`), await deliver(token)];
    // By this clock the time that the engine has for an answer is over before it is asked.
    const late = await deliver(token, () => Date.now() - 60_000);
    const unexpected: Violation[] = [];
    if ([bad, unknown, late].includes(200)) {
      unexpected.push({ rule: 'class', what: 'a delivery is acknowledged that no engine holds' });
    }
    if (bad !== unknown) {
      unexpected.push({ rule: 'class', what: `a bad token is told ${bad}, an unknown key ${unknown}` });
    }
    return { observed: [], fired: {}, left: [], unexpected };
  },
};
