//! An image, in whatever form a provider gives it: bytes, base64 in JSON, or a URL in JSON.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag};

use super::io::WebIo;
use super::response::WebResponse;
use super::url::WebUrls;
use crate::core::body::{self, Image};
use crate::core::call;
use crate::core::error_body::ErrorBody;
use crate::core::failure::Failure;
use crate::core::io::{CallError, Io, Read, Reply as _, Response as _};
use crate::core::origin::origin;
use crate::core::reply::{Asked, Sent, failure, title};
use crate::core::request::Request;
use crate::core::request_body::Body;
use crate::core::retry::RetryPolicy;
use crate::endpoints::{Endpoint, Method, Repeat};

/// The image that a response holds or names.
pub async fn image(
    io: &WebIo,
    endpoint: &'static Endpoint,
    policy: RetryPolicy,
    reply: WebResponse,
    request: &Request,
) -> Result<JsValue, CallError> {
    if !is_json(&reply.media_type()) {
        return of_bytes(endpoint, request, &reply);
    }
    match body::image(reply.value()) {
        Some(Image::Url(url)) => {
            origin::<WebUrls>(&url)
                .ok_or_else(|| Failure::protocol("the response names no http(s) URL of an image"))?;
            // It may be anywhere: it gets neither token nor headers of the caller's.
            let request = Request {
                method: Method::Get.as_str(),
                headers: vec![("accept".into(), "image/*".into())],
                body: Body::None,
                authorized: false,
                repeat: Repeat::Idempotent,
                subject: request.subject.clone(),
                repos: Vec::new(),
                destructive: false,
                url,
            };
            of_bytes(endpoint, &request, &call::send(io, endpoint, policy, &request, Read::Image).await?)
        }
        Some(Image::Base64 { media_type, text }) => {
            let bytes = reply.call.driver().decode_base64(&text);
            if bytes.is_undefined() {
                return Err(Failure::protocol("the response holds no base64").into());
            }
            let bytes: Uint8Array = bytes.unchecked_into();
            let media_type = body::image_type(&bytes.subarray(0, 64).to_vec()).map(str::to_owned).or(media_type);
            let media_type = media_type.ok_or_else(|| Failure::protocol("the response holds no image"))?;
            Ok(blob(&bytes, &media_type)?)
        }
        None => Err(no_image(endpoint, request, &reply, ErrorBody::read(reply.value()), "application/json").into()),
    }
}

/// Whether a media type is JSON's.
pub fn is_json(media_type: &str) -> bool {
    media_type.ends_with("json")
}

/// A response whose bytes are the image: it says so, or it begins as one. HTML and JSON are none, whatever they say.
fn of_bytes(endpoint: &Endpoint, request: &Request, reply: &WebResponse) -> Result<JsValue, CallError> {
    let media_type = reply.media_type();
    let named = if media_type.is_empty() { "without a content type" } else { &media_type };
    if is_json(&media_type) {
        return Err(no_image(endpoint, request, reply, ErrorBody::read(reply.value()), named).into());
    }
    let bytes: &Uint8Array = reply.value().unchecked_ref();
    let head = bytes.subarray(0, 1024).to_vec();
    let is_text = matches!(head.trim_ascii_start().first(), Some(b'<' | b'{' | b'[')) && media_type != "image/svg+xml";
    let declared = (media_type.starts_with("image/") && !is_text && !head.is_empty()).then_some(media_type.as_str());
    match body::image_type(&head).or(declared) {
        Some(image) => Ok(blob(bytes, image)?),
        None => {
            let text = String::from_utf8_lossy(&head).into_owned();
            let error_body = reply.parse(&text).map(|value| ErrorBody::read(&value)).unwrap_or_default();
            let named = match title(&text) {
                Some(title) => format!("{named} ({title})"),
                None if head.is_empty() => format!("{named}, empty"),
                None => named.to_owned(),
            };
            Err(no_image(endpoint, request, reply, error_body, &named).into())
        }
    }
}

/// The failure that a response says instead of an image, or that it is none.
fn no_image(
    endpoint: &Endpoint,
    request: &Request,
    reply: &WebResponse,
    error_body: ErrorBody,
    named: &str,
) -> Box<Failure> {
    if error_body.message.is_none() {
        return Failure::protocol(&format!("the response is no image: {named}"));
    }
    let asked = Asked { endpoint, sent: Sent::Token, subject: &request.subject };
    failure(asked, reply.status(), reply, "", error_body, reply.call.now(), WebIo::date)
}

fn blob(bytes: &Uint8Array, media_type: &str) -> Result<JsValue, Box<Failure>> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(bytes), &options);
    blob.map(Into::into).map_err(|_| Failure::protocol("the response holds an image that is too large"))
}
