// SPDX-License-Identifier: MIT
#include "cli/html_style.h"

namespace coldpitch {

const std::string_view kPageStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--link:#0550ae;
--none:#57606a;--suspect:#7d4e00;--pitch:#a40e26;--good:#116329;--plot:#0969da;--plot2:#a40e26;
--commercial:#ffe8a3;--commercial-l:#9a6700;--untargeted:#c5f0f5;--untargeted-l:#1b7c83;--irrelevant:#d3e4ff;--irrelevant-l:#0550ae;
--unwanted:#ffd3d0;--unwanted-l:#a40e26;--unauthorized:#ecd8ff;--unauthorized-l:#6639ba;--repetitive:#cdf3d2;--repetitive-l:#116329;
--invitation:#ffdcc2;--invitation-l:#953800;--other:#e3e6ea;--other-l:#57606a}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9ea7b3;--line:#3d444d;--card:#161b22;--link:#79b8ff;
--none:#9ea7b3;--suspect:#e3b341;--pitch:#ff8f87;--good:#6fdd8b;--plot:#58a6ff;--plot2:#ff8f87;
--commercial:#574108;--commercial-l:#e3b341;--untargeted:#0e474c;--untargeted-l:#6bd5dd;--irrelevant:#12396f;--irrelevant-l:#79b8ff;
--unwanted:#6b1d24;--unwanted-l:#ff8f87;--unauthorized:#47307a;--unauthorized-l:#d2a8ff;--repetitive:#134a23;--repetitive-l:#6fdd8b;
--invitation:#5f2f0b;--invitation-l:#ffb37d;--other:#32383f;--other-l:#9ea7b3}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:76rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem;line-height:1.3;margin:.5rem 0}
h2{font-size:1.05rem;margin:1.6rem 0 .5rem}
h3{font-size:.95rem;margin:1rem 0 .3rem}
p{margin:.4rem 0}
ul{margin:.4rem 0;padding-left:1.3rem}
a{color:var(--link)}
.soft{color:var(--soft)}
.small{font-size:.875rem}
.head{border-bottom:1px solid var(--line);padding-bottom:.8rem}
.columns{display:grid;gap:0 2rem;grid-template-columns:minmax(0,1fr)}
@media (min-width:60rem){.columns{grid-template-columns:minmax(0,3fr) minmax(0,2fr)}}
.fields{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.1rem .8rem;margin:.5rem 0;font-size:.9rem}
.fields dt{color:var(--soft)}
.fields dd{margin:0}
.mail{white-space:pre-wrap;border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;background:var(--card)}
.mail.line{padding:.3rem .8rem}
.mail .aside{display:block}
.aside{color:var(--soft);border-left:3px solid var(--line);padding-left:.4rem}
mark{color:inherit;border-bottom:2px solid;border-radius:2px;padding:0 1px}
sup{line-height:0}
sup a{text-decoration:none;font-weight:600;font-size:.7rem;padding:0 2px}
.chip{display:inline-block;border-radius:1rem;border:1px solid;padding:0 .55rem;font-size:.8rem;line-height:1.5;white-space:nowrap}
.verdict{font-weight:600}.verdict,.whole{white-space:nowrap}
.v-none{color:var(--none)}.v-suspect{color:var(--suspect)}.v-pitch,.v-repeat-pitch{color:var(--pitch)}
.rules{list-style:none;margin:.4rem 0;padding:0}
.rules>li{border:1px solid var(--line);border-radius:6px;padding:.45rem .7rem;margin:.4rem 0}
.rules>li:target{outline:2px solid var(--link)}
.rule{display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:baseline}
.rule .weight{margin-left:auto;font-variant-numeric:tabular-nums;font-weight:600}
.idle{opacity:.85;border-style:dashed!important}
code,.id{font-family:ui-monospace,monospace;font-size:.875em}
q{font-style:italic;unicode-bidi:isolate}
blockquote{margin:.4rem 0;padding-left:.8rem;border-left:3px solid var(--line);font-size:.9rem}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;font-size:.9rem;min-width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line)}
td{overflow-wrap:anywhere;min-width:4.5rem}
th{color:var(--soft);font-weight:600;white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.6rem;margin:.8rem 0}
.tile{border:1px solid var(--line);border-radius:6px;padding:.5rem .8rem;background:var(--card)}
.tile b{display:block;font-size:1.5rem;line-height:1.3;font-variant-numeric:tabular-nums}
.plot{margin:.5rem 0;display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem .5rem;font-size:.8rem;color:var(--soft)}
.plot svg{display:block;width:100%;height:9rem}
.spark{display:block;width:9rem;height:1.4rem}
.plot .y{display:flex;flex-direction:column;justify-content:space-between;text-align:right;font-variant-numeric:tabular-nums}
.plot figcaption{grid-column:2;display:flex;justify-content:space-between}
.axis{stroke:var(--line);stroke-width:1;fill:none;vector-effect:non-scaling-stroke}
.bar{fill:var(--plot)}.bar2{fill:var(--plot2)}
pre{white-space:pre-wrap;border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;background:var(--card);font-size:.85rem;overflow-wrap:anywhere}
.c-commercial{background:var(--commercial);border-color:var(--commercial-l)}.c-untargeted{background:var(--untargeted);border-color:var(--untargeted-l)}
.c-irrelevant{background:var(--irrelevant);border-color:var(--irrelevant-l)}.c-unwanted{background:var(--unwanted);border-color:var(--unwanted-l)}
.c-unauthorized{background:var(--unauthorized);border-color:var(--unauthorized-l)}.c-repetitive{background:var(--repetitive);border-color:var(--repetitive-l)}
.c-invitation{background:var(--invitation);border-color:var(--invitation-l)}.c-other{background:var(--other);border-color:var(--other-l)}
.against{background:none;border-bottom-style:dashed;border-color:var(--good)}
.shadow{background:none;border-bottom-style:dotted;border-color:var(--other-l)}
@media (max-width:45rem){.stack thead{display:none}.stack tr{display:block;border-bottom:1px solid var(--line);padding:.5rem 0}
.spark{width:6rem}.stack td{display:block;border:0;padding:.05rem 0}.stack td[data-l]::before{content:attr(data-l) ": ";color:var(--soft)}}
@media print{.mail,.tile,pre{background:none}}
)css";

}  // namespace coldpitch
