//! An image, in whatever form a provider gives it: bytes, base64 in JSON, or a URL in JSON.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag};

use super::io::WebIo;
use super::object;
use super::reply::WebReply;
use crate::core::body::{self, Image};
use crate::core::call;
use crate::core::failure::Failure;
use crate::core::io::{Read, Reply, Stop};
use crate::core::origin::origin;
use crate::core::reply::title;
use crate::core::request::{Body, Request};
use crate::core::retry::Policy;
use crate::endpoints::{Endpoint, Method, Repeat};

/// What a response is by its media type.
pub enum Kind {
    Image,
    Json,
    /// Bytes that may be an image by what they begin with.
    Other,
}

pub fn kind(media_type: &str) -> Kind {
    match media_type {
        json if json.ends_with("json") => Kind::Json,
        image if image.starts_with("image/") => Kind::Image,
        _ => Kind::Other,
    }
}

/// The image that a response holds or names.
pub async fn image(
    io: &WebIo,
    row: &'static Endpoint,
    policy: Policy,
    reply: WebReply,
    request: &Request,
) -> Result<JsValue, Stop> {
    let Kind::Json = kind(&reply.media_type()) else { return of_bytes(&reply) };
    match body::image(&reply.value()) {
        Some(Image::Url(url)) => {
            origin::<WebIo>(&url).ok_or_else(|| Failure::protocol("the response names no http(s) URL of an image"))?;
            // It may be anywhere: it gets neither token nor headers of the caller's.
            let request = Request {
                method: Method::Get.as_str(),
                headers: vec![("accept".into(), "image/*".into())],
                body: Body::None,
                authorized: false,
                repeat: Repeat::Always,
                subject: request.subject.clone(),
                url,
            };
            of_bytes(&call::send(io, row, policy, &request, Read::Image).await?)
        }
        Some(Image::Base64 { media_type, text }) => {
            let bytes = reply.call.shell().decode(&text);
            if bytes.is_undefined() {
                return Err(Failure::protocol("the response holds no base64").into());
            }
            let bytes = bytes.unchecked_ref::<Uint8Array>().to_vec();
            let media_type = body::image_type(&bytes).map(str::to_owned).or(media_type);
            let media_type = media_type.ok_or_else(|| Failure::protocol("the response holds no image"))?;
            Ok(blob(&bytes, &media_type)?)
        }
        None => Err(Failure::protocol("the response holds no image: application/json").into()),
    }
}

/// A response whose bytes are the image.
fn of_bytes(reply: &WebReply) -> Result<JsValue, Stop> {
    let media_type = reply.media_type();
    match kind(&media_type) {
        Kind::Image if object::number(&reply.value(), "size").unwrap_or_default() > 0.0 => Ok(reply.value()),
        Kind::Image => Err(Failure::protocol(&format!("the response is empty: {media_type}")).into()),
        Kind::Json => Err(Failure::protocol(&format!("the response is no image: {media_type}")).into()),
        Kind::Other => {
            let bytes = reply.bytes();
            if let Some(image) = body::image_type(&bytes) {
                return Ok(blob(&bytes, image)?);
            }
            let named = if media_type.is_empty() { "without a content type" } else { &media_type };
            let title = title(&String::from_utf8_lossy(&bytes)).map(|title| format!(" ({title})")).unwrap_or_default();
            Err(Failure::protocol(&format!("the response is no image: {named}{title}")).into())
        }
    }
}

fn blob(bytes: &[u8], media_type: &str) -> Result<JsValue, Box<Failure>> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options);
    blob.map(Into::into).map_err(|_| Failure::protocol("the response holds an image that is too large"))
}
