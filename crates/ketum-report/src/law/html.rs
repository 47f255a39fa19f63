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

const STYLE: &str = "\
body{font:16px/1.5 'DejaVu Sans',Verdana,sans-serif;color:#1a1a1a;background:#fff;margin:0}\
main{max-width:56rem;margin:0 auto;padding:1rem}\
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}\
.answer{border-left:.4rem solid #1a1a1a;padding:.5rem 1rem;background:#f2efe6;font-size:1.1rem}\
.banner{border:.2rem solid #8c3a2b;padding:.5rem 1rem;font-weight:bold}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:.3rem .5rem;text-align:left;vertical-align:top}\
th{background:#f2efe6}caption{text-align:left;padding:.3rem 0;font-weight:bold}\
svg{max-width:100%;height:auto}.scroll{overflow-x:auto}\
small{font-size:.875rem}a{color:#1f4f7a}\
@media print{main{max-width:none}.answer{background:none}}";
