/** The page's style sheet. Colours of states are the same in the list, the details and the log. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: light-dark(#f5f6f8, #14161a); --card: light-dark(#fff, #1d2025); --line: light-dark(#e2e5ea, #30353d);
  --text: light-dark(#1c2330, #e6e9ee); --dim: light-dark(#667085, #949db0); --mark: light-dark(#eef4ff, #222c3f);
  --pending: light-dark(#667085, #949db0); --running: light-dark(#1570ef, #6ea8ff); --done: light-dark(#067647, #4cc38a);
  --error: light-dark(#b42318, #ff8f85); --timeout: light-dark(#b54708, #f7b267);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1400px; padding: 16px 20px; background: var(--back); color: var(--text);
  font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 18px; margin: 0; }
h2 { font-size: 13px; margin: 0; padding: 12px 14px; font-weight: 600; }
h3 { font-size: 12px; margin: 0; padding: 12px 14px 4px; color: var(--dim); font-weight: 600; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 14px; margin-bottom: 14px; }
header dl { display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 0 0 0 auto; }
dt { color: var(--dim); font-size: 12px; }
dd { margin: 0; font-variant-numeric: tabular-nums; font-weight: 600; }
main { display: grid; grid-template-columns: minmax(0, 1fr) 380px; gap: 14px; align-items: start; margin-bottom: 14px; }
main:has(#detail[hidden]) { grid-template-columns: 1fr; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.scroll { overflow: auto; max-height: 460px; }
.short { max-height: 250px; }
table { width: 100%; border-collapse: collapse; white-space: nowrap; }
th { position: sticky; top: 0; z-index: 1; background: var(--card); text-align: left; font-size: 12px; font-weight: 500;
  color: var(--dim); }
th, td { padding: 6px 14px; border-bottom: 1px solid var(--line); }
td { max-width: 280px; overflow: hidden; text-overflow: ellipsis; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre, .mono { font: 12px/1.5 ui-monospace, monospace; }
#movies tr { cursor: pointer; }
#movies tr:hover, #movies tr[aria-selected=true] { background: var(--mark); }
#movies tr:focus-visible { outline: 2px solid var(--running); outline-offset: -2px; }
.chip { display: inline-block; margin: 0; padding: 1px 9px; border-radius: 99px; border: 1px solid currentColor; font-size: 12px;
  font-weight: 600; color: var(--pending); }
.pending { color: var(--pending); } .running { color: var(--running); } .done, .ok { color: var(--done); }
.error, .bad { color: var(--error); } .timeout, .warn { color: var(--timeout); }
.bar { height: 3px; margin-top: 4px; border-radius: 2px; background: var(--line); }
.bar i { display: block; height: 100%; border-radius: 2px; background: var(--running); }
.dim { color: var(--dim); }
#empty { padding: 26px 14px; color: var(--dim); }
#empty pre { white-space: pre-wrap; user-select: all; color: var(--text); }
#stage { display: grid; place-items: center; min-height: 160px; background: #0b0c0e; color: #949db0; }
#stage p { margin: 0; padding: 20px; text-align: center; }
video { display: block; max-width: 100%; max-height: 300px; }
[hidden] { display: none !important; }
#message { margin: 0; padding: 10px 14px 0; color: var(--error); overflow-wrap: anywhere; }
#message:empty { display: none; }
#facts { display: grid; align-items: baseline; grid-template-columns: auto 1fr; gap: 3px 14px; margin: 0; padding: 10px 14px 0; }
#facts dd { font-weight: 400; overflow-wrap: anywhere; }
#webhooks { margin: 0; padding: 0 14px 14px; list-style: none; max-height: 170px; overflow: auto; }
#webhooks li { display: flex; gap: 8px; padding: 3px 0; align-items: baseline; }
#webhooks .mono { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 1; }
footer { padding: 12px 2px; color: var(--dim); font-size: 12px; }
footer a { color: inherit; margin-left: 6px; }
@media (max-width: 900px) { main { grid-template-columns: minmax(0, 1fr); } header dl { margin-left: 0; } }
`;
