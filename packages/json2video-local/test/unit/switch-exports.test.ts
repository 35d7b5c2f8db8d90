import { describe } from 'vitest';

import type { CalledBack } from './called-back.js';
import { calledBack, CLIENT_DATA, DONE, flat } from './called-back.js';
import type { PositionCase } from './positions.js';
import { testPositions } from './positions.js';
import { releaseReceivers, startReceiver } from './receiver.js';
import { releaseFakes, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

const FORM = 'application/x-www-form-urlencoded';

const selects = (says: string, body: (back: CalledBack) => unknown): PositionCase => [
  says,
  async (start) => {
    const back = await calledBack(start, DONE, 'urlencoded');
    return [back.body, body(back)];
  },
];

const nests = (says: string, fields: [string, string][]): PositionCase => [
  says,
  async (start) => {
    const { text } = await calledBack(start, DONE, FORM);
    const sent = [...new URLSearchParams(text)].filter(([name]) => name.startsWith('client-data'));
    return [sent, fields];
  },
];

describe('content types of callbacks', () => {
  testPositions('C6', 'shortContentType', {
    json: selects('a short one is ignored: JSON', flat),
    honoured: selects('a short one selects the form it names', () => FORM),
  });

  testPositions('C6', 'formClientData', {
    json: nests('client-data as JSON text', [['client-data', JSON.stringify(CLIENT_DATA)]]),
    brackets: nests('client-data in brackets', [
      ['client-data[renderonce][key]', 'a'],
      ['client-data[order]', '1'],
    ]),
    lost: nests('client-data lost in a text', [['client-data', '[object Object]']]),
  });
});

const runs = (says: string, ...paths: string[]): PositionCase => [
  says,
  async (start) => {
    const [fake, receiver] = [await start(), await startReceiver()];
    const item = (name: string): object => ({
      destinations: [{ type: 'webhook', endpoint: `${receiver.url}/${name}` }],
    });
    await submit(fake, { ...DONE, exports: [item('one'), item('two')] });
    fake.advance(60);
    await until(() => receiver.received.length === paths.length);
    return [receiver.received.map(({ path }) => path), paths];
  },
];

describe('several items in `exports`', () => {
  testPositions('C8', 'severalExports', {
    all: runs('run in order', '/one', '/two'),
    first: runs('only the first one runs', '/one'),
  });
});
