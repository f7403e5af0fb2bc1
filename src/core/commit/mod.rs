//! A commit, from operations to one NDJSON request: ask how each file is sent, skip what is unchanged, upload what is
//! large, send the rest inline. [`plan`] decides, step by step and without waiting; here the steps are carried out.

pub mod lines;
mod operation;
mod plan;
mod requests;
mod steps;

pub use operation::{Change, Operation, field};

use self::plan::Plan;
use self::steps::{Answer, Ask};
use super::args::Args;
use super::call;
use super::failure::Failure;
use super::io::{Io, Notice, Read, Reply, Stop};
use super::json::Json;
use super::retry::Policy;
use crate::endpoints::repos::COMMIT;

/// How a commit ended.
#[derive(Debug)]
pub enum Outcome<V> {
    /// The Hub's answer, and the paths that were left out.
    Committed { reply: V, skipped: Vec<String> },
    /// Everything was there already: no commit was made. The id is that of the branch's head.
    Unchanged { commit_oid: Option<String>, skipped: Vec<String> },
}

/// Carries out a commit.
pub async fn run<I: Io>(
    io: &I,
    args: &Args,
    policy: Policy,
    operations: Vec<Operation>,
) -> Result<Outcome<<I::Reply as Reply>::Value>, Stop> {
    let mut plan = Plan::new(args, io.endpoint(), operations)?;
    let mut answer = Answer::Nothing;
    loop {
        let ask = plan.next(answer, &|phase, path, loaded, total| {
            io.notify(Notice::Progress { phase, path, loaded, total });
        })?;
        answer = match ask {
            Ask::Read { index, start, end } => Answer::Bytes(io.read(index, start, end).await?),
            Ask::Sha1(bytes) => Answer::Hash(io.sha1(&bytes).await?),
            Ask::Send { row, request, how } => {
                let reply = call::send(io, row, policy, &request, how).await?;
                if how == Read::Bytes { Answer::Bytes(reply.bytes()) } else { Answer::Reply(reply.value()) }
            }
            Ask::Commit { request, count } => {
                io.notify(Notice::Progress { phase: "commit", path: "", loaded: 0, total: count });
                let reply = call::send(io, &COMMIT, policy, &request, Read::Json).await?.value();
                if reply.text_of("commitOid").is_none() {
                    return Err(Failure::protocol("the answer to the commit names no commit").of(&COMMIT).into());
                }
                io.notify(Notice::Progress { phase: "commit", path: "", loaded: count, total: count });
                return Ok(Outcome::Committed { reply, skipped: plan.skipped });
            }
            Ask::Nothing => return Ok(Outcome::Unchanged { commit_oid: plan.head, skipped: plan.skipped }),
        };
    }
}
