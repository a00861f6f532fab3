/** The one stylesheet, served from /style.css because the policy allows no inline styles. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6472; --line: #d5d9e0; --paper: #fff;
  --band: #f4f6f9; --link: #0b57d0; --bad: #b42318; --good: #12552a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #a4adba; --line: #363c46; --paper: #15181d; --band: #1d2128; --link: #8ab4f8;
    --bad: #ff9c93; --good: #8fd9a5; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
a { color: var(--link); text-underline-offset: 2px; }
a:focus-visible, button:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px; }
header, main, footer { max-width: 900px; margin: 0 auto; padding: 0 20px; }
header { display: flex; flex-wrap: wrap; gap: 4px 24px; align-items: baseline; padding-top: 20px; }
header .brand { font-weight: 700; color: var(--ink); text-decoration: none; margin-right: auto; }
nav { display: flex; gap: 16px; flex-wrap: wrap; }
main { padding-top: 20px; padding-bottom: 48px; overflow-wrap: anywhere; }
footer { border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; padding-top: 14px; padding-bottom: 32px; }
h1 { font-size: 27px; line-height: 1.25; margin: 12px 0; } h2 { font-size: 20px; margin: 34px 0 8px; }
h3 { font-size: 17px; margin: 26px 0 8px; } p { margin: 8px 0; } ul { margin: 6px 0; padding-left: 22px; }
.soft { color: var(--soft); font-size: 14px; } .lead { font-weight: 600; }
.rows { list-style: none; padding: 0; margin: 0; } .rows > li { padding: 13px 0; border-top: 1px solid var(--line); }
.rows .title { font-weight: 600; font-size: 17px; }
.tag { display: inline-block; font-size: 13px; font-weight: 600; padding: 0 8px; border: 1px solid; border-radius: 10px; }
.tag.held, .tag.provisional, .tag.withdrawn { color: var(--bad); } .tag.applied { color: var(--good); }
.notice { border: 2px solid var(--bad); padding: 10px 16px; margin: 16px 0; }
.terms { background: var(--band); padding: 10px 14px; margin: 8px 0; font-size: 15px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 15px; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-top: 1px solid var(--line); }
th { border-top: 0; } td.number { font-variant-numeric: tabular-nums; }
del { background: #fde2e1; color: #8c1d18; } ins { background: #d9f2df; color: #12552a; text-decoration: none; }
.figures { display: flex; flex-wrap: wrap; gap: 8px 32px; padding: 0; margin: 16px 0; list-style: none; }
.figures b { display: block; font-size: 22px; line-height: 1.2; font-variant-numeric: tabular-nums; }
button { font: inherit; font-weight: 600; padding: 9px 18px; border: 0; border-radius: 6px; background: var(--link);
  color: var(--paper); cursor: pointer; }
`;
