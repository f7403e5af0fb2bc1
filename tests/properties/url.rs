//! URL building: the address of a request, read by a URL parser, gives back the caller's values, each in its place.

use hf_wasm::core::args::{Arg, Args};
use hf_wasm::core::headers;
use hf_wasm::core::request;
use hf_wasm::endpoints::{self, Endpoint, Param, ParamType, Place};
use url::Url;

use crate::input::{self, Fields};
use crate::repo_id::{self, KINDS};

/// An endpoint with a path of its own, which no value may leave.
const ENDPOINT: &str = "https://hub.example/proxy";

/// The name of an endpoint, then a field for each of its parameters: `=` and the value, or nothing.
pub fn fuzz(bytes: &[u8]) {
    let text = input::text(bytes);
    let mut fields = Fields::of(&text);
    let name = fields.text();
    let endpoints: Vec<_> = endpoints::all().collect();
    let endpoint =
        endpoints.iter().find(|endpoint| endpoint.name == name).unwrap_or(&endpoints[name.len() % endpoints.len()]);
    let given = endpoint.params.iter().zip(fields);
    let args = given.filter_map(|(param, field)| Some((param.name.to_owned(), arg(param, field.strip_prefix('=')?))));
    holds(endpoint, &Args(args.collect()));
}

/// A text as a value of the kind that the parameter takes.
pub fn arg(param: &Param, text: &str) -> Arg {
    match param.kind {
        ParamType::String | ParamType::Known(_) | ParamType::RepoOf(_) => Arg::String(text.to_owned()),
        ParamType::Strings | ParamType::SomeOf(_) => Arg::Strings(text.split('|').map(str::to_owned).collect()),
        ParamType::Flag | ParamType::Switch => Arg::Flag(text == "true"),
        ParamType::Whole => Arg::Number(text.parse().map_or(text.len() as f64, |number: i32| number.into())),
        ParamType::Limit | ParamType::PageSize => Arg::Number(text.len() as f64),
        ParamType::Number => Arg::Number(text.len() as f64 / 4.0),
        ParamType::OneOf(values) => Arg::String(values[text.len() % values.len()].to_owned()),
        ParamType::Repo(_) => match text.split_once(' ') {
            Some((kind, name)) => Arg::Repo { kind: kind.to_owned(), name: name.to_owned() },
            None => Arg::String(text.to_owned()),
        },
        ParamType::Range => Arg::Range { start: text.len() as f64, end: None },
        ParamType::Object(_) => Arg::Object,
    }
}

/// A request is built exactly where every value can stand in its place, and there each stands, unchanged.
pub fn holds(endpoint: &Endpoint, args: &Args) {
    let built = request::build(endpoint, args, ENDPOINT);
    let Some((path, query)) = expected(endpoint, args) else {
        let failure = built.expect_err("refused");
        assert!(failure.field.is_some(), "{failure:?}");
        return;
    };
    let address = built.expect("built").url;
    let url = Url::parse(&address).unwrap();
    assert_eq!(url.as_str(), address, "a parser changes nothing");
    assert_eq!(url.origin(), Url::parse(ENDPOINT).unwrap().origin());
    assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None));
    let segments: Vec<_> = url.path_segments().unwrap().map(unescape).collect();
    assert_eq!(segments, [vec!["proxy".to_owned()], path].concat(), "{address}");
    let pairs: Vec<_> = url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    assert_eq!(pairs, query, "{address}");
}

fn unescape(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8().unwrap().into_owned()
}

/// The segments of the path and the pairs of the query, none of them escaped; None if a value is refused.
fn expected(endpoint: &Endpoint, args: &Args) -> Option<(Vec<String>, Vec<(String, String)>)> {
    let missing = |param: &&Param| param.required && !param.dedicated && args.get(param.name).is_none();
    let bodies =
        endpoint.params.iter().filter(|param| param.place == Place::Body && matches!(param.kind, ParamType::Repo(_)));
    if endpoint.params.iter().any(|param| missing(&param)) {
        return None;
    }
    let counts = endpoint.params.iter().filter(|param| matches!(param.kind, ParamType::Limit | ParamType::PageSize));
    if counts.filter_map(|param| args.number(param.name)).any(|count| count < 1.0) {
        return None;
    }
    let headers = endpoint.params.iter().filter(|param| param.place == Place::Header);
    if headers.filter_map(|param| args.string(param.name)).any(|text| !headers::is_value(text)) {
        return None;
    }
    for param in bodies {
        // What is moved keeps its type.
        let moved = if param.name == "toRepo" { Some(repo(args.get("fromRepo")?, "model")?.0) } else { None };
        let (kind, id) = repo(args.get(param.name)?, moved.unwrap_or("model"))?;
        if moved.is_some_and(|moved| moved != kind) {
            return None;
        }
        let name = id.rsplit('/').next()?;
        if endpoint
            .params
            .iter()
            .any(|param| param.only.is_some_and(|only| only != kind) && args.get(param.name).is_some())
        {
            return None;
        }
        let refused = name.contains("--") || name.contains("..") || name.ends_with(".git");
        if param.creates && (refused || name.trim_matches(['-', '.']) != name) {
            return None;
        }
    }
    let mut path = Vec::new();
    for piece in template(endpoint, args).split('/').skip(1) {
        let Some((name, suffix)) = piece.strip_prefix('{').and_then(|piece| piece.split_once('}')) else {
            path.push(piece.to_owned());
            continue;
        };
        path.extend(filled(endpoint, args, name)?);
        path.last_mut()?.push_str(suffix);
    }
    let query = endpoint.params.iter().filter(|param| param.place == Place::Query).flat_map(|param| {
        let values = match param.kind {
            ParamType::PageSize => page_size(args),
            _ => args.get(param.name).map(|arg| texts(param, arg)).unwrap_or_default(),
        };
        values.into_iter().map(|value| (param.wire.unwrap_or(param.name).to_owned(), value))
    });
    Some((path, query.collect()))
}

/// The endpoint's template, with what is optional if its value is given.
fn template(endpoint: &Endpoint, args: &Args) -> String {
    let Some((head, (optional, tail))) =
        endpoint.path.split_once('[').and_then(|(head, rest)| Some((head, rest.split_once(']')?)))
    else {
        return endpoint.path.to_owned();
    };
    let name = optional.trim_start_matches(|char| char != '{').trim_matches(['{', '}']);
    match args.string(name) {
        None | Some("") => [head, tail].concat(),
        Some(_) => [head, optional, tail].concat(),
    }
}

/// The segments that take a parameter's place.
fn filled(endpoint: &Endpoint, args: &Args, name: &str) -> Option<Vec<String>> {
    let segments = |text: &str| text.split('/').map(str::to_owned).collect::<Vec<_>>();
    let segments = match (endpoint.param(name)?.kind, args.get(name)) {
        (ParamType::Repo(_), arg) => {
            let (kind, id) = repo(arg?, "model")?;
            let on_page = kind == "model" && !endpoint.path.starts_with("/api/");
            let prefix = if on_page { vec![] } else { vec![format!("{kind}s")] };
            [prefix, segments(&id)].concat()
        }
        (ParamType::RepoOf(wanted), arg) => {
            let (kind, id) = repo(arg?, wanted)?;
            (kind == wanted).then(|| segments(&id))?
        }
        (_, Some(Arg::String(text))) if name == "path" => {
            let bare = text.strip_prefix('/').unwrap_or(text);
            segments(bare.strip_suffix('/').unwrap_or(bare))
        }
        (_, Some(Arg::String(text))) => vec![text.clone()],
        (_, Some(Arg::Number(number))) => vec![format!("{number:.0}")],
        (_, None) => vec!["main".to_owned()],
        _ => return None,
    };
    segments.iter().all(|segment| !matches!(segment.as_str(), "" | "." | "..")).then_some(segments)
}

/// Type and full name of a repository that may be named so; `usual` is the type where the name tells none.
fn repo<'a>(arg: &'a Arg, usual: &'a str) -> Option<(&'a str, String)> {
    let known = |word: &str| KINDS.into_iter().find(|kind| word == *kind || word == format!("{kind}s"));
    let (kind, id) = match arg {
        Arg::Repo { kind, name } => (known(kind)?, name.as_str()),
        Arg::String(text) => match text.split_once('/') {
            Some((segment, id)) if segment.ends_with('s') && known(segment).is_some() => (known(segment)?, id),
            _ => (usual, text.as_str()),
        },
        _ => return None,
    };
    repo_id::parts(id).map(|_| (kind, id.to_owned()))
}

/// The size of a page, which is never more than the whole list, unless it says where the list starts.
fn page_size(args: &Args) -> Vec<String> {
    let number = |name| args.number(name);
    let limit = number("limit").filter(|_| number("p").is_none());
    let size = match (number("pageSize"), limit) {
        (Some(size), limit) => Some(limit.map_or(size, |limit| size.min(limit))),
        (None, limit) => limit.filter(|limit| *limit <= 100.0),
    };
    size.map(|size| format!("{size:.0}")).into_iter().collect()
}

fn texts(param: &Param, arg: &Arg) -> Vec<String> {
    match arg {
        Arg::Flag(on) if param.kind == ParamType::Switch => {
            if *on {
                vec!["1".to_owned()]
            } else {
                vec![]
            }
        }
        Arg::Flag(on) => vec![on.to_string()],
        Arg::String(text) => vec![text.clone()],
        Arg::Strings(texts) => texts.clone(),
        Arg::Number(number) => vec![format!("{number:.0}")],
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Values that mean something to a URL, and any other.
    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            "(models/|datasets/|spaces/|spaces |dataset )?[a-z]{1,3}/[a-z][a-z0-9.-]{0,3}[a-z]",
            "(\\.\\.|%2e|%2E%2e|[.]|/|//|\\\\|#|\\?|&|=|\\+| |%|%2F|:|@|;|\\[|\\]|\\{|ü|a|\u{0}|\n|\u{7f}|\u{202e}){0,6}",
            "(/|a/)?\\.{1,3}(/|/a)?",
            any::<String>(),
            "-?[0-9]{1,9}|true",
        ]
    }

    fn given() -> impl Strategy<Value = (&'static Endpoint, Vec<Option<String>>)> {
        select(endpoints::all().collect::<Vec<_>>())
            .prop_flat_map(|endpoint| (Just(endpoint), vec(option::weighted(0.8, value()), endpoint.params.len())))
    }

    #[test]
    fn what_is_moved_keeps_its_type() {
        for (from, to) in [("acme/x", "datasets/acme/x"), ("datasets/acme/x", "acme/x"), ("acme/x", "models/acme/x")] {
            let texts = [("fromRepo", from), ("toRepo", to)];
            let args = Args(texts.map(|(name, text)| (name.to_owned(), Arg::String(text.to_owned()))).into());
            holds(&endpoints::repos::MOVE_REPO, &args);
        }
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn every_value_stands_in_its_place((endpoint, values) in given()) {
            let given = endpoint.params.iter().zip(&values);
            let args = given.filter_map(|(param, value)| Some((param.name.to_owned(), arg(param, value.as_ref()?))));
            holds(endpoint, &Args(args.collect()));
        }

        #[test]
        fn a_file_s_path_and_revision_stand_in_their_places(path in value(), revision in value(), list in any::<bool>()) {
            let endpoint = if list { &endpoints::repos::LIST_FILES } else { &endpoints::files::RESOLVE };
            let texts = [("repo", "datasets/acme/x"), ("path", &path), ("revision", &revision)];
            holds(endpoint, &Args(texts.map(|(name, text)| (name.to_owned(), Arg::String(text.to_owned()))).into()));
        }
    }
}
