/**
 * A local JSON2Video that costs nothing, for tests and development: package `json2video-local` under a name of this one.
 *
 * @module renderonce/fake
 */
export {
  type Call,
  type FakeConnection,
  type FakeCredits,
  type FakeJson2Video,
  type FakeKey,
  type FakeMovie,
  type FakeOptions,
  type FakePlan,
  type FakeRequest,
  type FakeTemplate,
  type FaultRuleInput,
  type MovieFilter,
  OptionInvalid,
  type OtherDestination,
  parseFaultRule,
  readFakeConfig,
  type RequestFilter,
  type Role,
  scenarioList,
  type ScenarioName,
  startFakeJson2Video,
  type Switches,
  type SwitchSettings,
  switchTable,
  type SwitchView,
  type WebhookRecord,
} from 'json2video-local';
