//! Whether a call is let through: by every policy, and by a person where a policy asks for one.

use super::call::path;
use super::failure::Failure;
use super::io::{CallError, Io, Notice, Permit};
use super::policy::{Action, Decision, Verdict, repo_in};
use super::request::Request;
use crate::endpoints::Endpoint;

/// Lets a request go, or says why not. Of a call that consists of several, the first is decided about.
pub async fn before<I: Io>(io: &I, row: &'static Endpoint, request: &Request) -> Result<(), CallError> {
    let Some(permit) = io.permit() else { return Ok(()) };
    if permit.admitted.get() {
        return Ok(());
    }
    let Decision { verdict, rule } = decide(io, permit, row, request.destructive, &request.repos);
    if verdict == Verdict::Ask {
        tell(io, "asked", &rule);
        if let Some(reason) = io.approve(&rule).await? {
            tell(io, "declined", &rule);
            return Err(Failure::denied(&reason, rule).into());
        }
    }
    let decision = match verdict {
        Verdict::Denied => return Err(denied(io, rule)),
        Verdict::Ask => "approved",
        Verdict::Allowed => "allowed",
    };
    tell(io, decision, &rule);
    permit.admitted.set(true);
    Ok(())
}

/// Refuses to follow a redirect to a repository that the call may not be about.
pub fn elsewhere<I: Io>(io: &I, row: &'static Endpoint, request: &Request, url: &str) -> Result<(), CallError> {
    let Some(permit) = io.permit() else { return Ok(()) };
    let Some(repo) = repo_at(io, url).filter(|repo| !request.repos.contains(repo)) else { return Ok(()) };
    let Decision { verdict, rule } = decide(io, permit, row, request.destructive, &[repo]);
    if verdict == Verdict::Allowed { Ok(()) } else { Err(denied(io, rule)) }
}

/// The repository that an address of the endpoint is about.
pub fn repo_at<I: Io>(io: &I, url: &str) -> Option<String> {
    let below = url.strip_prefix(io.endpoint()).filter(|rest| rest.starts_with('/')).or_else(|| path(url));
    below.and_then(repo_in)
}

/// What all policies say together. One of a dry run only tells.
fn decide<I: Io>(io: &I, permit: Permit<'_>, row: &'static Endpoint, destructive: bool, repos: &[String]) -> Decision {
    let mut decision = Decision::ALLOWED;
    for policy in permit.policy.all() {
        let said = policy.decide(Action { row, repos, destructive });
        if !policy.dry_run {
            decision.and(said);
        } else if said.verdict != Verdict::Allowed {
            tell(io, "would-deny", &said.rule);
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
