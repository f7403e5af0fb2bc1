//! A policy, as `pkg/src/agent/policy.ts` gives it: checked, in one form, and all texts.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::object::{self, flag, string};
use crate::core::policy::{Policy, RepoRules, Rules};

pub fn read(policy: &JsValue) -> Policy {
    Policy {
        general: rules(policy),
        repos: list(policy, "repos", |repo| RepoRules {
            pattern: string(repo, "pattern").unwrap_or_default(),
            name: string(repo, "name").unwrap_or_default(),
            rules: rules(repo),
        }),
        dry_run: flag(policy, "dryRun"),
        wider: None,
    }
}

fn rules(from: &JsValue) -> Rules {
    let pairs = |name| object::pairs(&object::get(from, name));
    Rules { groups: pairs("groups"), endpoints: pairs("endpoints") }
}

fn list<T>(of: &JsValue, name: &str, read: impl Fn(&JsValue) -> T) -> Vec<T> {
    object::get(of, name).unchecked_into::<Array>().iter().map(|item| read(&item)).collect()
}
