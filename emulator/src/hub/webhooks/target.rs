//! Where a webhook's events go: an address, or a Job.

use serde_json::{Map, Value, json};

use crate::hub::error::Error;
use crate::json::at;

#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    Url(String),
    /// A specification; the emulator runs no Jobs.
    Job(Value),
    JobSource(String),
}

impl Target {
    /// Reads it from a body; `None` when the body names no target.
    pub fn parse(body: &Value) -> Result<Option<Target>, Error> {
        let url = at(body, "url").as_str().map(|url| Target::Url(url.to_owned()));
        let job = Some(at(body, "job")).filter(|job| job.is_object()).map(|job| Target::Job(job.clone()));
        let source = at(body, "jobSourceId").as_str().map(|id| Target::JobSource(id.to_owned()));
        let mut given = [url, job, source].into_iter().flatten();
        match (given.next(), given.next()) {
            (_, Some(_)) => Err(Error::invalid("Only one of \"url\", \"job\" and \"jobSourceId\" may be given")),
            (Some(Target::Url(url)), None) if !is_address(&url) => {
                Err(Error::invalid("Invalid \"url\": expected an address that starts with http:// or https://"))
            }
            (target, None) => Ok(target),
        }
    }

    /// Name and value in responses. Of secrets, only the names are shown.
    pub fn shown(&self) -> (&'static str, Value) {
        match self {
            Target::Url(url) => ("url", url.as_str().into()),
            Target::JobSource(id) => ("jobSourceId", id.as_str().into()),
            Target::Job(job) => {
                let mut job = job.clone();
                if let Some(secrets) = job.get_mut("secrets") {
                    *secrets = secrets.as_object().into_iter().flat_map(Map::keys).cloned().collect();
                }
                ("job", job)
            }
        }
    }

    pub fn to_json(&self) -> Value {
        match self {
            Target::Url(url) => json!({ "url": url }),
            Target::Job(job) => json!({ "job": job }),
            Target::JobSource(id) => json!({ "jobSourceId": id }),
        }
    }

    /// Reads what [`Target::to_json`] wrote.
    pub fn from_json(value: &Value) -> Target {
        match (at(value, "url").as_str(), at(value, "jobSourceId").as_str()) {
            (Some(url), _) => Target::Url(url.to_owned()),
            (None, Some(id)) => Target::JobSource(id.to_owned()),
            (None, None) => Target::Job(at(value, "job").clone()),
        }
    }
}

fn is_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
