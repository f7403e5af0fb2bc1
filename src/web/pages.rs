//! One page of a list, as JavaScript takes it: `{ items, next, problem, total, body }`.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::io::WebIo;
use super::object;
use super::response::WebResponse;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{CallError, Reply as _};
use crate::core::pages::{self, Counts};
use crate::core::request::Request;
use crate::endpoints::{Endpoint, ResponseType};

/// The page that came for a request.
#[expect(clippy::panic, reason = "only a defect of the package asks for a page of what is no list")]
pub fn page(endpoint: &Endpoint, request: &Request, reply: &WebResponse) -> Result<JsValue, CallError> {
    let (kind, url) = (endpoint.reply, &request.url);
    let body = reply.value();
    let (list, count) = match kind {
        ResponseType::Numbered(_, key) => (object::get(body, key), object::number(body, "count")),
        ResponseType::Pages(_) => {
            (body.clone(), reply.header("x-total-count").and_then(|text| text.parse::<u32>().ok()).map(f64::from))
        }
        _ => panic!("{} is no list", endpoint.name),
    };
    let items: Array = list.dyn_into().map_err(|_| Failure::protocol("the response is no list"))?;
    // What came is kept, even if there is no way on.
    let mut problem = None;
    let next = match kind {
        ResponseType::Numbered(..) => {
            let start = object::number(body, "start").unwrap_or_default();
            let counts = Counts { start, received: f64::from(items.length()), count: count.unwrap_or_default() };
            pages::numbered(url, counts)
        }
        _ => pages::linked::<WebIo>(url, &reply.call.options.client.base_url, reply).unwrap_or_else(|mut failure| {
            failure.subject.clone_from(&request.subject);
            problem = Some(reply.call.rejection(endpoint, failure.into()));
            None
        }),
    };
    Ok(object::of(&[
        ("items", items.into()),
        ("next", next.into()),
        ("problem", problem.into()),
        ("total", count.into()),
        ("body", body.clone()),
    ]))
}
