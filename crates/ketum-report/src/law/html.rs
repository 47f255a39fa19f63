//! Small pieces of HTML shared by the pages.

/// Text inside an element or attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A whole page.
pub(super) fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

// Dark and light by the reader's setting; on a phone a table becomes a list of cards, every cell with the
// name of its column. Contrast of text is at least 7 to 1 in both.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1a1a1a;--ground:#fff;--soft:#f2efe6;--line:#767676;--link:#1f4f7a;--alert:#8c3a2b}\
@media(prefers-color-scheme:dark){:root{--ink:#ece9e4;--ground:#16181c;--soft:#24272d;--line:#8b8f97;--link:#9cc7ee;--alert:#e39a8b}}\
*{box-sizing:border-box}\
body{font:16px/1.5 'DejaVu Sans',Verdana,sans-serif;color:var(--ink);background:var(--ground);margin:0}\
main{max-width:64rem;margin:0 auto;padding:1rem}\
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}\
p,li{overflow-wrap:anywhere}td,th{overflow-wrap:break-word}td[data-label='From'],td[data-label='As of'],td[data-label='Sources of'],td[data-label='Review due']{white-space:nowrap}li{margin:.15rem 0}\
.answer{border-left:.4rem solid var(--ink);padding:.5rem 1rem;background:var(--soft);font-size:1.1rem}\
.banner{border:.2rem solid var(--alert);padding:.5rem 1rem;font-weight:bold}\
table{border-collapse:collapse;width:100%;font-size:.9375rem}\
th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}\
th{background:var(--soft)}caption{text-align:left;padding:.3rem 0;font-weight:bold}\
svg{max-width:100%;height:auto;display:block}.scroll{overflow-x:auto}.map svg{min-width:38rem}\
small{font-size:.875rem}a{color:var(--link)}\
@media(max-width:46rem){\
table,caption,tbody,tr,th[scope=row],td{display:block}td[data-label]{white-space:normal!important}\
tr{border:1px solid var(--line);margin:0 0 .75rem}tr:has(>th[scope=col]){display:none}\
th,td{border:0;border-bottom:1px solid var(--soft)}\
td[data-label]::before{content:attr(data-label) ': ';font-weight:bold}}\
@media print{main{max-width:none}.answer{background:none}}";
