/** The page's style. Colours come from the reader's own preference; nothing is loaded from anywhere. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f8; --card: #fff; --line: #dde3e9; --text: #1f2933; --faint: #5c6b7a;
  --good: #1a7f4b; --bad: #b42318; --wait: #8a6100;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111518; --card: #1b2126; --line: #2f3840; --text: #e6ebef; --faint: #9aa8b5;
    --good: #5fd39a; --bad: #ff8f84; --wait: #f0c04c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 16px; max-width: 60rem; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
h1 { font-size: 1.3rem; margin: 0 0 4px; }
h2 { font-size: 1.1rem; margin: 0; }
p { margin: 4px 0; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; margin: 14px 0; }
.faint { color: var(--faint); font-size: .9rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.good::before, .bad::before, .wait::before { content: '\\25cf\\00a0'; }
table { width: 100%; border-collapse: collapse; margin-top: 10px; }
td { padding: 5px 0; border-top: 1px solid var(--line); vertical-align: top; }
td.value { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: 12px; }
details { margin-top: 10px; }
summary { cursor: pointer; color: var(--faint); }
ol { list-style: none; margin: 8px 0 0; padding: 0; font: 13px/1.45 ui-monospace, 'DejaVu Sans Mono', monospace; }
li { padding: 2px 0; overflow-wrap: anywhere; white-space: pre-wrap; }
`;
