//! Whether a call is let through: by every policy, and by a person where a policy asks for one.

use super::failure::Failure;
use super::io::{CallError, Io, Notice};
use super::policy::{Action, Decision, Policy, Verdict};
use super::request::Request;
use crate::endpoints::{self, Destructive, Endpoint};

/// Lets a request go, or says why not. Of a call that consists of several, the first is decided about. `whole` is the
/// call that the `endpoint` is a part of.
pub async fn before<I: Io>(
    io: &I,
    endpoint: &'static Endpoint,
    whole: &'static Endpoint,
    request: &Request,
) -> Result<(), CallError> {
    let Some(policy) = &io.client().policy else { return Ok(()) };
    if io.admitted().get() {
        return Ok(());
    }
    let mut decision = decide(io, policy, Some(whole), request.destructive, &request.repos);
    beside(io, policy, (endpoint, whole), request, &request.url, &mut decision);
    let Decision { verdict, rule } = decision;
    let mut decision = "allowed";
    if verdict == Verdict::Denied {
        return Err(denied(io, rule));
    }
    if verdict == Verdict::Ask {
        tell(io, "asked", &rule);
        if let Some(reason) = io.approve(&rule).await? {
            tell(io, "declined", &rule);
            return Err(Failure::denied(&reason, rule).into());
        }
        decision = "approved";
    }
    tell(io, decision, &rule);
    io.admitted().set(true);
    Ok(())
}

/// Refuses to follow a redirect to what the call may not be about.
pub fn elsewhere<I: Io>(
    io: &I,
    endpoint: &'static Endpoint,
    whole: &'static Endpoint,
    request: &Request,
    url: &str,
) -> Result<(), CallError> {
    let Some(policy) = &io.client().policy else { return Ok(()) };
    let mut decision = Decision::ALLOWED;
    beside(io, policy, (endpoint, whole), request, url, &mut decision);
    if decision.verdict == Verdict::Allowed { Ok(()) } else { Err(denied(io, decision.rule)) }
}

/// Decides about what a call asks for beside its own: what its parameters name, and what its address says, which of a
/// page or a redirect is the server's choice.
fn beside<I: Io>(
    io: &I,
    policy: &Policy,
    (endpoint, whole): (&'static Endpoint, &'static Endpoint),
    request: &Request,
    url: &str,
    decision: &mut Decision,
) {
    for line in io.asked(request.method, url).split('\n') {
        let (name, repo) = line.split_once(' ').unwrap_or((line, ""));
        let is_same = name == endpoint.name || name == whole.name;
        if is_same && (repo.is_empty() || request.repos.iter().any(|known| known == repo)) {
            continue;
        }
        let repos = [repo.to_owned()];
        let repos = if repo.is_empty() { &[] } else { &repos[..] };
        let asked = if is_same { Some(whole) } else { endpoints::find(endpoint.host, name) };
        let destructive = match asked {
            Some(endpoint) if !is_same => endpoint.destructive != Destructive::No,
            _ => request.destructive,
        };
        decision.and(decide(io, policy, asked, destructive, repos));
    }
}

/// What all policies say together of an endpoint, or of an address that is no endpoint's. One of a dry run only tells.
fn decide<I: Io>(
    io: &I,
    policy: &Policy,
    endpoint: Option<&'static Endpoint>,
    destructive: bool,
    repos: &[String],
) -> Decision {
    let mut decision = Decision::ALLOWED;
    for one in policy.all() {
        let stated = match endpoint {
            Some(endpoint) => one.decide(Action { endpoint, repos, destructive }),
            None => Decision { verdict: Verdict::Denied, rule: "an unknown URL".to_owned() },
        };
        if !one.dry_run {
            decision.and(stated);
        } else if stated.verdict != Verdict::Allowed {
            tell(io, "would-deny", &stated.rule);
        }
    }
    decision
}

fn denied<I: Io>(io: &I, rule: String) -> CallError {
    tell(io, "denied", &rule);
    Failure::denied(&["the policy does not allow it (", &rule, ")"].concat(), rule).into()
}

fn tell<I: Io>(io: &I, decision: &'static str, rule: &str) {
    io.notify(Notice::Decision { decision, rule });
}
