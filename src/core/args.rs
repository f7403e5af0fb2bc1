//! What a caller gave, checked against the endpoint before any request.

use super::failure::Failure;
use super::repo_id::RepoId;
use super::suggest;
use crate::endpoints::repos::COMMIT;
use crate::endpoints::{self, Endpoint, Host, Param, ParamType, Place};

/// The router's own endpoint.
const ROUTER: &str = "https://router.huggingface.co";

/// A caller's value, as far as the core looks at it.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    String(String),
    /// A list of strings only.
    Strings(Vec<String>),
    Number(f64),
    Flag(bool),
    /// `{ type, name }`.
    Repo {
        kind: String,
        name: String,
    },
    /// `{ start, end }`, the end exclusive and optional.
    Range {
        start: f64,
        end: Option<f64>,
    },
    /// Any other object or list; it is passed through.
    Object,
}

/// The caller's values by parameter name, absent ones left out.
#[derive(Debug, Clone, Default)]
pub struct Args(pub Vec<(String, Arg)>);

impl Args {
    pub fn get(&self, name: &str) -> Option<&Arg> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, arg)| arg)
    }

    pub fn string(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Arg::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Arg::Flag(true)))
    }

    /// The values of these parameters alone.
    pub fn only(&self, names: &[&str]) -> Args {
        let mut only = Args::default();
        for name in names {
            only.0.extend(self.get(name).map(|arg| ((*name).to_owned(), arg.clone())));
        }
        only
    }

    pub fn repo(&self, name: &str) -> Result<RepoId, Box<Failure>> {
        match self.get(name) {
            Some(Arg::String(text)) => RepoId::parse(name, text),
            Some(Arg::Repo { kind, name: id }) => RepoId::of(name, kind, id),
            Some(_) => Err(Failure::invalid(name, "must be a repository: \"acme/x\" or { type, name }")),
            None => Err(Failure::invalid(name, "is required")),
        }
    }

    /// The repository of a parameter. One that another is moved to is of the same type.
    pub fn repo_param(&self, param: &Param) -> Result<RepoId, Box<Failure>> {
        match param.kind {
            ParamType::RepoOf(kind) => self.repo_of(param.name, kind),
            _ if param.name == "toRepo" => self.repo_of(param.name, self.repo("fromRepo")?.kind),
            _ => self.repo(param.name),
        }
    }

    /// The repository of a parameter whose type the endpoint fixes.
    pub fn repo_of(&self, name: &str, kind: &str) -> Result<RepoId, Box<Failure>> {
        let repo = match self.get(name) {
            Some(Arg::String(text)) => RepoId::typed(name, kind, text)?,
            _ => self.repo(name)?,
        };
        if repo.kind == kind {
            return Ok(repo);
        }
        let own = [repo.kind, "Info"].concat();
        let own = if name == "repo" && endpoints::find(Host::Hub, &own).is_some() {
            [": call ", &own].concat()
        } else {
            String::new()
        };
        Err(Failure::invalid(name, &format!("names a {}, where a {kind} is needed{own}", repo.kind)))
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Arg::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Checks presence, type and closed sets, and that no parameter is misspelt.
    pub fn check(&self, endpoint: &Endpoint, base_url: &str) -> Result<(), Box<Failure>> {
        for (name, arg) in &self.0 {
            match endpoint.param(name) {
                Some(param) => {
                    check_kind(param, arg)?;
                    self.check_type(endpoint, param)?;
                }
                None => self.check_unknown(endpoint, name)?,
            }
        }
        let is_required = |param: &&Param| param.required && !(param.dedicated && base_url != ROUTER);
        match endpoint.params.iter().filter(is_required).find(|param| self.get(param.name).is_none()) {
            Some(param) => Err(Failure::invalid(param.name, "is required")),
            None => Ok(()),
        }
    }

    /// Refuses what the repository's type does not have.
    fn check_type(&self, endpoint: &Endpoint, param: &Param) -> Result<(), Box<Failure>> {
        let Some(only) = param.only else { return Ok(()) };
        let Some(repo) = endpoint.params.iter().find(|param| matches!(param.kind, ParamType::Repo(_))) else {
            return Ok(());
        };
        let kind = self.repo(repo.name)?.kind;
        if kind == only {
            return Ok(());
        }
        Err(Failure::invalid(param.name, &format!("is for a {only} only, and \"{}\" names a {kind}", repo.name)))
    }

    /// A body is passed through whole, so that fields the API adds later work today, unless a name is clearly a slip.
    /// Elsewhere a name that no endpoint knows would be lost without a word; so it would in a commit, whose body is made here.
    fn check_unknown(&self, endpoint: &Endpoint, name: &str) -> Result<(), Box<Failure>> {
        let left = endpoint.params.iter().map(|param| param.name).filter(|known| self.get(known).is_none());
        let has_body = endpoint.params.iter().any(|param| param.place == Place::Body);
        if let Some(param) = endpoint.params.iter().find(|param| matches!(param.kind, ParamType::Repo(_)))
            && let (Ok(repo), Some(given)) = (self.repo(param.name), self.string(name))
        {
            let own = match name {
                "type" | "repoType" | "repo_type" => Some(repo.kind.to_owned()),
                "organization" if has_body => Some(repo.namespace.unwrap_or_default()),
                "name" if has_body => Some(repo.name),
                _ => None,
            };
            if let Some(own) = own.filter(|own| own != given.strip_suffix('s').unwrap_or(given) && own != given) {
                let problem = format!(
                    "contradicts \"{0}\", which says \"{own}\": {0} is \"acme/x\", \"datasets/acme/x\", \"spaces/acme/x\" or {{ type, name }}",
                    param.name
                );
                return Err(Failure::invalid(name, &problem));
            }
        }
        let question = suggest::question(name, left);
        if has_body && question.is_empty() && endpoint.name != COMMIT.name {
            return Ok(());
        }
        Err(Failure::invalid(name, &format!("is not a parameter of this endpoint{question}")))
    }
}

fn check_kind(param: &Param, arg: &Arg) -> Result<(), Box<Failure>> {
    let refuse = |problem: &str| Err(Failure::invalid(param.name, problem));
    if let (Some(most), Arg::Strings(list)) = (param.most, arg)
        && list.len() > most
    {
        return refuse(&format!("has more than {} items: send them in several calls", most as u64));
    }
    match (param.kind, arg) {
        (ParamType::String | ParamType::Known(_), Arg::String(_)) => Ok(()),
        (ParamType::String | ParamType::Known(_), _) => refuse("must be a string"),
        (ParamType::Strings | ParamType::SomeOf(_), Arg::String(_) | Arg::Strings(_)) => Ok(()),
        (ParamType::Strings | ParamType::SomeOf(_), _) => refuse("must be a string or a list of strings"),
        (ParamType::Flag | ParamType::Switch, Arg::Flag(_)) => Ok(()),
        (ParamType::Flag | ParamType::Switch, _) => refuse("must be true or false"),
        (ParamType::Whole, Arg::Number(number)) if number.is_finite() && number.fract() == 0.0 => Ok(()),
        (ParamType::Whole, _) => refuse("must be a whole number"),
        (ParamType::Limit | ParamType::PageSize, Arg::Number(number)) if *number >= 1.0 && whole(*number) => Ok(()),
        (ParamType::Limit | ParamType::PageSize, _) => refuse("must be a whole number of 1 or more"),
        (ParamType::Number, Arg::Number(number)) if number.is_finite() => Ok(()),
        (ParamType::Number, _) => refuse("must be a number"),
        (ParamType::OneOf(values), Arg::String(text)) if values.contains(&text.as_str()) => Ok(()),
        (ParamType::OneOf(values), _) => refuse(&["must be one of ", &values.join(", ")].concat()),
        (ParamType::Range, Arg::Range { start, end })
            if whole(*start) && end.is_none_or(|end| whole(end) && end > *start) =>
        {
            Ok(())
        }
        (ParamType::Range, _) => refuse("must be { start, end } in bytes, with 0 <= start < end"),
        // Repositories are parsed where they are used; objects are the API's to judge.
        (ParamType::Repo(_) | ParamType::RepoOf(_) | ParamType::Object(_), _) => Ok(()),
    }
}

/// The largest number up to which every whole number has a double of its own.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_991.0;

fn whole(number: f64) -> bool {
    (0.0..=LARGEST_WHOLE).contains(&number) && number.fract() == 0.0
}

#[cfg(not(target_arch = "wasm32"))]
impl Args {
    /// For tests and tools on this side of the border.
    pub fn from_json(value: &serde_json::Value) -> Args {
        use serde_json::Value;
        let text_of = |value: &Value| value.as_str().map(str::to_owned);
        let object = |fields: &serde_json::Map<String, Value>| {
            let text = |name| fields.get(name).and_then(text_of);
            let number = |name| fields.get(name).and_then(Value::as_f64);
            match (text("type"), text("name"), number("start")) {
                (Some(kind), Some(name), _) => Arg::Repo { kind, name },
                (_, _, Some(start)) => Arg::Range { start, end: number("end") },
                _ => Arg::Object,
            }
        };
        let arg = |value: &Value| match value {
            Value::Null => None,
            Value::Bool(flag) => Some(Arg::Flag(*flag)),
            Value::Number(number) => number.as_f64().map(Arg::Number),
            Value::String(text) => Some(Arg::String(text.clone())),
            Value::Array(items) => {
                Some(items.iter().map(text_of).collect::<Option<_>>().map_or(Arg::Object, Arg::Strings))
            }
            Value::Object(fields) => Some(object(fields)),
        };
        let fields = value.as_object().into_iter().flatten();
        Args(fields.filter_map(|(name, value)| Some((name.clone(), arg(value)?))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::{discussions, models, repos};
    use serde_json::json;

    fn refused(endpoint: &Endpoint, value: serde_json::Value) -> Option<String> {
        Args::from_json(&value).check(endpoint, ROUTER).err().and_then(|failure| failure.field)
    }

    #[test]
    fn every_refusal_names_the_field() {
        assert_eq!(refused(&models::LIST_MODELS, json!({ "search": "bert", "limit": 5, "filter": ["a", "b"] })), None);
        assert_eq!(refused(&models::LIST_MODELS, json!({ "serach": "bert" })).as_deref(), Some("serach"));
        assert_eq!(refused(&models::LIST_MODELS, json!({ "limit": "5" })).as_deref(), Some("limit"));
        for limit in [json!(1.5), json!(0), json!(-1)] {
            assert_eq!(refused(&models::LIST_MODELS, json!({ "limit": limit })).as_deref(), Some("limit"));
            assert_eq!(refused(&models::LIST_MODELS, json!({ "pageSize": limit })).as_deref(), Some("pageSize"));
        }
        assert_eq!(refused(&models::LIST_MODELS, json!({ "filter": [1] })).as_deref(), Some("filter"));
        assert_eq!(refused(&models::LIST_MODELS, json!({ "full": "yes" })).as_deref(), Some("full"));
        assert_eq!(refused(&models::MODEL_INFO, json!({})).as_deref(), Some("repo"));
        assert_eq!(
            refused(&discussions::LIST_DISCUSSIONS, json!({ "repo": "a/b", "type": "pr" })).as_deref(),
            Some("type")
        );
        assert_eq!(
            refused(&discussions::CREATE_DISCUSSION, json!({ "repo": "a/b", "title": "x" })).as_deref(),
            Some("description")
        );
    }

    #[test]
    fn slips_and_contradictions_are_refused_in_bodies_too() {
        let message = |value| Args::from_json(&value).check(&repos::CREATE_REPO, "").unwrap_err().message;
        assert_eq!(
            message(json!({ "repo": "a/b", "privat": true })),
            "\"privat\" is not a parameter of this endpoint; did you mean \"private\"?"
        );
        assert!(message(json!({ "repo": "a/b", "type": "dataset" })).contains("says \"model\""));
        assert!(message(json!({ "repo": "a/b", "organization": "c" })).contains("says \"a\""));
        assert!(message(json!({ "repo": "a/b", "sdk": "gradio" })).contains("names a model"));
        assert_eq!(refused(&repos::CREATE_REPO, json!({ "repo": "spaces/a/b", "sdk": "gradio" })), None);
        for value in [
            json!({ "repo": "datasets/a/b", "type": "dataset" }),
            json!({ "repo": "datasets/a/b", "type": "datasets" }),
            json!({ "repo": "a/b", "organization": "a", "name": "b" }),
        ] {
            assert_eq!(refused(&repos::CREATE_REPO, value), None);
        }
        let chat = json!({ "model": "m", "messages": [], "top_k": 5, "min_p": 0.1, "models": ["a"], "max_tokens": 5 });
        assert_eq!(refused(&crate::endpoints::inference::CHAT_COMPLETION, chat), None);
    }

    #[test]
    fn a_commit_has_no_name_that_would_be_lost() {
        let commit = |name: &str| {
            let mut value = json!({ "repo": "a/b", "title": "t", "operations": [] });
            value[name] = json!("x");
            Args::from_json(&value).check(&repos::COMMIT, "").unwrap_err().message
        };
        assert_eq!(commit("branch"), "\"branch\" is not a parameter of this endpoint; did you mean \"revision\"?");
        assert!(commit("isPullRequest").contains("\"create_pr\""));
        assert_eq!(commit("novelty"), "\"novelty\" is not a parameter of this endpoint");
    }

    #[test]
    fn a_body_may_hold_fields_that_no_endpoint_knows() {
        assert_eq!(refused(&repos::CREATE_REPO, json!({ "repo": "a/b", "novelty": true })), None);
    }

    #[test]
    fn absent_and_null_are_the_same() {
        assert_eq!(refused(&models::LIST_MODELS, json!({ "search": null })), None);
    }
}
