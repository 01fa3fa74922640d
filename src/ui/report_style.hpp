#pragma once

// How the report's page looks: on a wide screen, a narrow one, in the light and in the dark.
namespace orch::ui {

inline constexpr const char* kReportStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1c1e21;--dim:#5c6370;--line:#d9dce1;--card:#f5f6f8;
--p:#7cc0ec;--w:#1769aa;--u:#e69f00;--c:#b565a7;--r:#7a5cd6;--q:#a8adb5;--l:#118a5e;--t:#6cc24a;--e:#d55e00;
--good:#11734b;--bad:#b3261e;--link:#0b57d0}
@media (prefers-color-scheme:dark){:root{--bg:#16181c;--fg:#e4e6ea;--dim:#9aa1ac;--line:#363b44;
--card:#1f2228;--p:#4d8fbd;--w:#4aa3ff;--u:#f0b429;--c:#cf86c3;--r:#a48bf0;--q:#6c737f;--l:#2fb380;--t:#8ddb6b;
--e:#ff8a50;--good:#4cc38a;--bad:#ff8a80;--link:#8ab4f8}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:80rem;background:var(--bg);color:var(--fg);
font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.8rem 0 .5rem}
p{margin:.3rem 0}a{color:var(--link)}code{font-size:.92em;background:var(--card);padding:0 .25em;
border-radius:3px}.dim,i{color:var(--dim);font-style:normal}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.5rem;margin:1rem 0}
dl div{background:var(--card);border-radius:6px;padding:.5rem .7rem}
dt{color:var(--dim);font-size:.85rem}dd{margin:0;font-size:1.2rem}
.lane{display:flex;align-items:center;gap:.6rem;margin:2px 0}
.lane span{flex:0 0 6.5em;white-space:nowrap;font-size:.8rem;color:var(--dim);text-align:right}
.lane svg,.lane p{flex:1;min-width:0;display:block}.lane svg{height:16px;background:var(--card)}
.axis p{display:flex;justify-content:space-between;font-size:.75rem}
.legend span{display:inline-block;margin-right:.8rem;font-size:.85rem}
.legend b{display:inline-block;width:.8em;height:.8em;margin-right:.3em;border-radius:2px}
.p{fill:var(--p);background:var(--p)}.w{fill:var(--w);background:var(--w)}
.u{fill:var(--u);background:var(--u)}.c{fill:var(--c);background:var(--c)}
.q{fill:var(--q);background:var(--q)}.r{fill:var(--r);background:var(--r)}.l{fill:var(--l);background:var(--l)}
.t{fill:var(--t);background:var(--t)}.e{fill:var(--e);background:var(--e)}
table{border-collapse:collapse;width:100%}th{text-align:left;color:var(--dim);font-weight:400;
font-size:.85rem}td,th{padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);
vertical-align:top}td p{margin:0;color:var(--dim);font-size:.9rem}
.s{font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}
li{margin:.4rem 0}
th,.tasks td:not(:nth-child(2)),.conflicts td:first-child{white-space:nowrap}
@media (max-width:46rem){.lane span{flex-basis:5.2em}.axis i:nth-child(even){display:none}
thead{display:none}tr{display:flex;flex-wrap:wrap;gap:0 .9rem;padding:.5rem 0;
border-bottom:1px solid var(--line)}td{border:0;padding:0}td:empty{display:none}
td::before{color:var(--dim)}.tasks td:nth-child(2){flex-basis:100%}
.tasks td:nth-child(4)::before{content:"attempts "}.tasks td:nth-child(5)::before{content:"worked "}
.tasks td:nth-child(6)::before{content:"tokens "}.tasks td:nth-child(7)::before{content:"cost "}
.waits td:first-child,.conflicts td:last-child{flex-basis:100%}
.waits td:nth-child(2)::before{content:"in all "}.waits td:nth-child(3)::before{content:"tasks "}
.waits td:nth-child(4)::before{content:"longest "}
.gates td:nth-child(3)::before{content:"runs "}.gates td:nth-child(4)::before{content:"in all "}}
)css";

}  // namespace orch::ui
