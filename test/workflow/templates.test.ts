import { expect, test } from 'vitest';
import { scriptedStage, stateOf } from '../support/scripted-stage.js';

const stage = scriptedStage({ webhooks: true });

const ID = 'LerKrmBfiqaIgBuacLWn';
const FTP = { type: 'sftp', host: 'files.example.com', username: 'u', password: 'pass-phrase' };
const THEIRS = { type: 'webhook', endpoint: 'https://shop.example.com/hook' };
const OWN = { 'client-data': { shop: 7, order: 'none' }, exports: [{ destinations: [FTP, THEIRS] }] };
const OURS = expect.objectContaining({ endpoint: expect.stringContaining('/json2video/v1.') });
const MARK = expect.objectContaining({ fingerprint: expect.any(String) });

test('a template render keeps the client-data and the exports of its template, and reports to us', async () => {
  stage.provider.template = async () => ({ own: OWN });
  await (await stage.time.start({ template: ID, 'client-data': { order: 1 } })).result();
  expect(stage.provider.sent).toEqual([
    {
      template: ID,
      'client-data': { shop: 7, order: 1, renderonce: MARK },
      exports: [{ destinations: [FTP, THEIRS, OURS] }],
    },
  ]);
});

test('the exports of the request go before those of the template', async () => {
  stage.provider.template = async () => ({ own: OWN });
  await (await stage.time.start({ template: ID, exports: [{ destinations: [THEIRS] }] })).result();
  expect(stage.provider.sent[0]).toMatchObject({ exports: [{ destinations: [THEIRS, OURS] }] });
});

test('without our webhook the exports of the template stay where they are', async () => {
  stage.provider.template = async () => ({ own: OWN });
  await (await stage.time.start({ template: ID }, { webhook: false })).result();
  expect(stage.provider.sent[0]).toEqual({
    template: ID,
    'client-data': { ...OWN['client-data'], renderonce: MARK },
  });
});

test('a movie of scenes reads no template', async () => {
  stage.provider.template = () => Promise.reject(new Error('nobody asks'));
  await (await stage.time.start({ scenes: [] })).result();
  expect(stage.provider.sent).toHaveLength(1);
});

test('while the account or the connection is at fault nothing is sent; then the template is read again', async () => {
  let isDown = true;
  stage.provider.template = async () =>
    isDown
      ? { evidence: { from: 'connection', bytesMayHaveLeft: false, message: 'the template cannot be read' } }
      : { own: OWN };
  const run = await stage.time.start({ template: ID });
  await stage.time.env.sleep('30s');
  expect([await stateOf(run), stage.provider.sent.length]).toEqual(['waiting', 0]);
  isDown = false;
  await run.result();
  expect(stage.provider.sent).toMatchObject([{ 'client-data': { shop: 7 } }]);
});

test('a template that cannot be read is sent without our webhook, and the details say what is lost', async () => {
  stage.provider.template = async () => ({ unreadable: `Template ${ID} not found` });
  const run = await stage.time.start({ template: ID });
  await run.result();
  expect(stage.provider.sent[0]).toEqual({ template: ID, 'client-data': { renderonce: MARK } });
  expect(JSON.stringify(await run.query('__temporal_workflow_metadata'))).toContain('could not be read');
});

test('no history holds what a template keeps', async () => {
  stage.provider.template = async () => ({ own: OWN });
  const run = await stage.time.start({ template: ID });
  await run.result();
  const texts = JSON.stringify(await run.fetchHistory()).replaceAll(/"([\w+/=]{8,})"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  expect(texts).toContain(ID);
  expect(texts).not.toContain('pass-phrase');
});
