//! One page of a list, as the shell takes it: `{ items, next, total, body }`.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use super::reply::WebReply;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::Stop;
use crate::core::pages::{self, Counts};
use crate::endpoints::Reply;

/// Reads the page that came from `url`.
pub async fn read(kind: Reply, url: &str, reply: WebReply) -> Result<JsValue, Stop> {
    let total = reply.header("x-total-count").and_then(|text| text.parse::<u32>().ok()).map(f64::from);
    let linked = pages::linked(url, &reply);
    let body = reply.json().await?;
    let no_list = || Failure::protocol("the answer is no list");
    let (items, next, total) = match kind {
        Reply::Numbered(_, key) => {
            let items = object::get(&body, key).dyn_into::<Array>().map_err(|_| no_list())?;
            let count = object::number(&body, "count");
            let counts = Counts {
                start: object::number(&body, "start").unwrap_or_default(),
                received: f64::from(items.length()),
                count: count.unwrap_or_default(),
            };
            (items, pages::numbered(url, counts), count)
        }
        _ => (body.clone().dyn_into::<Array>().map_err(|_| no_list())?, linked?, total),
    };
    Ok(object::of([("items", items.into()), ("next", next.into()), ("total", total.into()), ("body", body)]))
}
