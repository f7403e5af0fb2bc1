//! The index as a page.

use serde_json::Value;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;\
color-scheme:light dark}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .8rem .2rem 0;\
border-bottom:1px solid #8884;vertical-align:top}code{font-family:ui-monospace,monospace}";

pub fn page(index: &Value) -> String {
    let mut page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>emulator</title><style>{STYLE}</style><h1>A local Hub and inference router</h1>"
    );
    table(&mut page, "Addresses", &["name", "address"], &addresses(index));
    for (title, key, columns) in [
        ("Tokens", "tokens", ["token", "user", "role", "expired"].as_slice()),
        ("Routes", "routes", ["name", "method", "path", "access", "permission", "bucket", "event"].as_slice()),
        ("Of the emulator itself", "control", ["name", "method", "path"].as_slice()),
    ] {
        let rows: Vec<Vec<String>> = index[key]
            .as_array()
            .into_iter()
            .flatten()
            .map(|row| columns.iter().map(|column| text(&row[*column])).collect())
            .collect();
        table(&mut page, title, columns, &rows);
    }
    page.push_str("</html>");
    page
}

fn addresses(index: &Value) -> Vec<Vec<String>> {
    ["hub", "router", "openai", "files"].map(|key| vec![key.to_owned(), text(&index[key])]).to_vec()
}

fn table(page: &mut String, title: &str, columns: &[&str], rows: &[Vec<String>]) {
    page.push_str(&format!("<h2>{title}</h2><table><tr>"));
    columns.iter().for_each(|column| page.push_str(&format!("<th>{column}")));
    for row in rows {
        page.push_str("<tr>");
        row.iter().for_each(|cell| page.push_str(&format!("<td><code>{}</code>", escape(cell))));
    }
    page.push_str("</table>");
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
