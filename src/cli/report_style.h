#pragma once

#include <string_view>

namespace genlock::cli {

/// The style sheet of report.html.
inline constexpr std::string_view kReportStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #ffffff; --ink: #1c1c1a; --soft: #63625d; --rule: #e3e2dd; --grid: #ecebe6;
  --good: #1a7f4b; --good-soft: #e4f3ea; --bad: #b3261e; --bad-soft: #fbe9e7; --warn: #8a5a00; --warn-soft: #fdf2da;
  --color: #2a78d6; --depth: #d4662a; --ok-band: #e9f4ed;
  --s0: #2a78d6; --s1: #d4662a; --s2: #14906c; --s3: #b0468c; --s4: #8a7400; --s5: #6a56c8; --s6: #c23b4e; --s7: #4d7a8c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161615; --card: #1f1f1d; --ink: #ecebe6; --soft: #a5a39b; --rule: #34332f; --grid: #2b2a27;
    --good: #63c793; --good-soft: #173224; --bad: #ff8a80; --bad-soft: #3a1b19; --warn: #f0bd5c; --warn-soft: #34290f;
    --color: #5a9ff0; --depth: #f08a52; --ok-band: #1b2a21;
    --s0: #5a9ff0; --s1: #f08a52; --s2: #3fc39b; --s3: #de83bd; --s4: #cbb546; --s5: #a394f2; --s6: #f2788a; --s7: #86b6c9;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 4px; }
.sub, .note { color: var(--soft); margin: 0 0 12px; max-width: 75ch; }
.verdict { border-radius: 10px; padding: 14px 18px; margin: 18px 0; font-size: 17px; font-weight: 600; overflow-wrap: anywhere; }
.verdict.good { background: var(--good-soft); color: var(--good); }
.verdict.bad { background: var(--bad-soft); color: var(--bad); }
.simulated { background: var(--warn-soft); color: var(--warn); border-radius: 10px; padding: 10px 18px; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; padding: 0; margin: 0; }
.tiles div { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 12px 14px; }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { margin: 2px 0 0; font-size: 21px; font-weight: 600; }
.tiles small { display: block; color: var(--soft); font-size: 12px; font-weight: 400; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { padding: 7px 10px; text-align: left; vertical-align: top; border-top: 1px solid var(--rule); }
thead th { border-top: 0; color: var(--soft); font-weight: 500; white-space: nowrap; vertical-align: bottom; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.units th, .units td { padding: 6px 7px; font-size: 13px; }
.pairs small { display: block; color: var(--soft); }
.pairs .beyond { color: var(--bad); font-weight: 600; }
.pill { display: inline-block; border-radius: 99px; padding: 0 9px; font-size: 12px; font-weight: 600; }
.pill.failure { background: var(--bad-soft); color: var(--bad); }
.pill.warning { background: var(--warn-soft); color: var(--warn); }
.pill.note { background: var(--grid); color: var(--soft); }
code { font: 12.5px ui-monospace, monospace; overflow-wrap: anywhere; }
figure { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; margin: 0 0 12px; padding: 10px 12px 4px; break-inside: avoid; }
figcaption { font-weight: 600; font-size: 13.5px; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 12px; }
.panels figure { margin: 0; }
svg { display: block; width: 100%; height: auto; }
svg .grid { stroke: var(--grid); fill: none; }
.tick { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.rowname { fill: var(--ink); font-size: 12px; }
rect.tolerance { fill: var(--ok-band); }
.line { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linejoin: round; }
.band { fill: currentColor; opacity: .2; }
.bar { fill: currentColor; }
.color { color: var(--color); } .depth { color: var(--depth); }
.s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); } .s3 { color: var(--s3); }
.s4 { color: var(--s4); } .s5 { color: var(--s5); } .s6 { color: var(--s6); } .s7 { color: var(--s7); }
rect.gap { fill: var(--bad); stroke: var(--card); stroke-width: .5; }
rect.common { fill: none; stroke: var(--good); stroke-width: 1.5; stroke-dasharray: 5 4; }
.mark.failure { fill: var(--bad); } .mark.warning { fill: var(--warn); } .mark.marker { fill: var(--soft); }
.legend { margin: 0 0 8px; color: var(--soft); font-size: 13px; display: flex; flex-wrap: wrap; gap: 4px 16px; }
.legend i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; background: currentColor; margin-right: 6px; vertical-align: middle; }
.legend i.block { height: 10px; } .legend i.ok { color: var(--good); opacity: .35; height: 10px; } .legend i.bad { color: var(--bad); height: 10px; }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
@media print {
  :root { --page: #fff; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  .wide { overflow: visible; }
}
)css";

}  // namespace genlock::cli
