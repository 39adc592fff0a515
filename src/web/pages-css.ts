/** The one style sheet of the pages for card holders. No script, so the theme follows the system. */
export const PAGES_CSS = `
:root {
  color-scheme: light;
  --paper: #f4f6f2; --surface: #fff; --line: #d5dbd5; --line-strong: #7d8881;
  --ink: #14211c; --ink-2: #414d47; --ink-3: #59655f; --accent: #0b5563; --on-accent: #fff; --bad: #a3231c;
}
@media (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --paper: #0f1514; --surface: #161d1b; --line: #2a3532; --line-strong: #72807a;
    --ink: #e7edea; --ink-2: #bcc8c3; --ink-3: #98a59f; --accent: #6cc6d4; --on-accent: #06262c; --bad: #f3938a;
  }
}
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main { width: min(34rem, 100%); margin-inline: auto; padding: 24px 16px 48px; }
.top { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; padding-bottom: 16px; }
.name { font-weight: 680; font-size: 1.125rem; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 24px 16px; margin-bottom: 16px; }
h1 { font-size: 1.5rem; line-height: 1.25; padding-bottom: 8px; }
h2 { font-size: 1.0625rem; padding-block: 8px; }
p { padding-bottom: 12px; }
label { display: block; font-weight: 600; padding-top: 12px; }
.hint, .foot, .eyebrow, small { color: var(--ink-3); font-size: 0.875rem; }
input { width: 100%; font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 5px; padding: 10px 12px; min-height: 48px; }
button { font: inherit; font-weight: 600; width: 100%; min-height: 48px; margin-top: 24px; border: 0; border-radius: 5px; background: var(--accent); color: var(--on-accent); cursor: pointer; }
.wrong { color: var(--bad); font-weight: 600; }
.balance { border-block: 1px solid var(--line-strong); border-bottom: 3px double var(--line-strong); padding-block: 12px; margin-block: 12px; display: flex; justify-content: space-between; align-items: baseline; gap: 16px; flex-wrap: wrap; }
.balance strong { font-size: 1.75rem; }
dl > div { display: flex; justify-content: space-between; gap: 16px; padding-block: 6px; flex-wrap: wrap; }
dt { color: var(--ink-2); }
dd ul { padding-inline-start: 18px; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: start; font-weight: 400; padding-block: 8px; border-top: 1px solid var(--line); vertical-align: top; }
th small { display: block; }
td { text-align: end; white-space: nowrap; }
main.docs { width: min(60rem, 100%); }
.docs h3 { font-size: 1rem; overflow-wrap: anywhere; padding-top: 16px; }
.docs ul { padding: 0 0 12px 20px; }
.docs pre { margin-bottom: 12px; }
.docs .answer { background: none; }
.docs nav ul { padding-bottom: 0; }
.docs .columns { columns: 22rem; padding-bottom: 12px; }
main.check { width: min(56rem, 100%); }
.check label { padding-block: 12px 8px; }
.check .lead { font-size: clamp(1.125rem, 3vw, 1.5rem); }
.check #answer { min-height: 12rem; padding-block: 24px; font-size: clamp(1.25rem, 4vw, 2rem); }
.check #answer strong { display: block; font-size: clamp(2.5rem, 12vw, 6rem); line-height: 1.1; overflow-wrap: anywhere; }
.name img { vertical-align: middle; max-width: 12rem; }
pre { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 5px; padding: 12px; font-size: 0.875rem; }
code { font-family: ui-monospace, monospace; }
`
