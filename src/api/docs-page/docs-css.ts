/** The look of the page, light and dark; every pair of colours has a contrast of 4.5 to 1 at least. */
export const DOCS_CSS = `
:root { --back: #fff; --front: #1a1d21; --soft: #545b64; --line: #d5d9de; --raised: #f4f6f8; --link: #0b5cad;
  --get: #0b5cad; --post: #1a6e34; --patch: #8a5300; --delete: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --back: #15181c; --front: #e8eaed; --soft: #a7aeb8; --line: #343a42; --raised: #1e2329; --link: #7ab8ff;
    --get: #7ab8ff; --post: #7fd399; --patch: #f0b35b; --delete: #ff9d94; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--front); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--back); padding: 6px 10px; z-index: 2; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; padding: 12px 20px; border-bottom: 1px solid var(--line); }
header h1 { font-size: 18px; margin: 0; }
header h1 span { color: var(--soft); font-weight: 400; font-size: 14px; }
header p { margin: 0 auto 0 0; display: flex; gap: 14px; }
header label { color: var(--soft); }
input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--soft); border-radius: 4px; padding: 4px 10px; width: 240px; max-width: 100%; }
.columns { display: grid; grid-template-columns: 220px minmax(0, 1fr); }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 16px 20px; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 3px 0; text-decoration: none; }
main { padding: 4px 24px 60px 8px; max-width: 1000px; }
#count { color: var(--soft); }
h2 { font-size: 16px; margin: 28px 0 8px; }
details.route { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 6px; }
summary { cursor: pointer; padding: 7px 12px; display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; }
details[open] > summary { background: var(--raised); border-bottom: 1px solid var(--line); }
.method { font: 600 12px/1 ui-monospace, monospace; width: 54px; }
.GET { color: var(--get); } .POST { color: var(--post); } .PATCH { color: var(--patch); } .DELETE { color: var(--delete); }
.path { font: 14px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.what { color: var(--soft); }
.inside { padding: 8px 14px 14px; }
h3 { font-size: 14px; margin: 14px 0 4px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 14px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: 8px 12px; overflow: auto; max-height: 420px; font: 13px/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); }
td code { white-space: nowrap; }
tr:target { background: var(--raised); }
@media (max-width: 760px) { .columns { grid-template-columns: minmax(0, 1fr); } nav { position: static; } main { padding: 4px 20px 40px; } }
@media print { nav, header label, input { display: none; } .columns { display: block; } }
`;
