import type * as Audit from '../../../src/audit/index.js';
import { AuditStage, MOVIE } from '../../unit/audit-stage.js';
import type { Violation } from '../check.js';
import type { ControlScenario } from './control.js';
import { load } from './skipped-run.js';

/** More than the list shows on one page. */
const OTHERS = 120;

export const AUDITED: ControlScenario = {
  name: "the second page of an audit's list fails, and the audit is repeated",
  play: async ({ dist }) => {
    const { audit } = await load<Pick<typeof Audit, 'audit'>>(dist, 'audit/index.js');
    const stage = await AuditStage.open();
    try {
      await stage.postForeign(OTHERS);
      stage.runs.add('ours', 'done', await stage.postOurs('ours'));
      // One without our mark that a person gave to a key.
      stage.runs.add('adopted', 'done', await stage.post(MOVIE));
      const effect = { kind: 'truncate', bytes: 2_000 } as const;
      stage.fake.fault({ match: { call: 'list', nth: 2 }, effect });
      const broken = await audit(stage.terms).catch(() => undefined);
      const whole = await audit(stage.terms);
      const unexpected = [...(broken === undefined ? [] : countsOf(broken)), ...countsOf(whole)];
      return { observed: [], fired: {}, left: [], unexpected };
    } finally {
      await stage.close();
    }
  },
};

/** Wrong where the places of a report do not add up to the provider's movies. */
function countsOf(report: Audit.AuditReport): readonly Violation[] {
  const { duplicates, orphans, unmarked, underway, forgotten, sound, elsewhere } = report;
  const findings = [...duplicates, ...orphans].map(({ movies }) => ({ count: movies.length }));
  const places = [...findings, unmarked, underway, forgotten, sound, ...elsewhere];
  const total = places.reduce((sum, { count }) => sum + count, 0);
  const posted = OTHERS + 2;
  if (total === posted) return [];
  return [{ rule: 'agreement', what: `an audit tells of ${total} movies, the provider holds ${posted}` }];
}
