/** Loaded by `--import`: the process's wall clock differs by CLOCK_OFFSET_MS from the machine's. */
const offsetMs = Number(process.env['CLOCK_OFFSET_MS'] ?? 0);

if (offsetMs !== 0) {
  const MachineDate = Date;
  globalThis.Date = class Date extends MachineDate {
    constructor(...args) {
      if (args.length === 0) super(MachineDate.now() + offsetMs);
      else super(...args);
    }

    static now() {
      return MachineDate.now() + offsetMs;
    }
  };
}
