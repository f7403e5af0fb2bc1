//! The command line of the emulator.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;
use emulator::control::tokens;
use emulator::gate::{Quotas, Trust};
use emulator::hub::Options;
use emulator::server::Server;
use emulator::www::Folders;
use tokio::signal::ctrl_c;
use tokio::sync::oneshot;

/// A local Hub and inference router to develop and test against.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port of the Hub and the router; 0 takes a free one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Port of the second origin, which large files are redirected to; by default a free one.
    #[arg(long, default_value_t = 0)]
    cdn_port: u16,
    /// Folder that keeps everything.
    #[arg(long, default_value = "target/emulator")]
    data: PathBuf,
    /// Keep nothing.
    #[arg(long, conflicts_with = "data")]
    memory: bool,
    /// Start without seed data.
    #[arg(long)]
    empty: bool,
    /// Count requests, but refuse none.
    #[arg(long)]
    no_rate_limit: bool,
    /// API requests in five minutes, in place of the plans' quotas.
    #[arg(long)]
    quota_api: Option<u32>,
    /// Downloads in five minutes.
    #[arg(long)]
    quota_resolvers: Option<u32>,
    /// Pages in five minutes.
    #[arg(long)]
    quota_pages: Option<u32>,
    /// OpenAI-compatible server (http://…) that answers chat.
    #[arg(long, value_name = "URL")]
    inference_upstream: Option<String>,
    /// Milliseconds before each token of a streamed chat.
    #[arg(long, default_value_t = 15)]
    token_delay: u64,
    /// Folder of a page to serve below /www/; / leads to it.
    #[arg(long, value_name = "DIR")]
    www: Option<PathBuf>,
    /// Folder of the built package to serve below /pkg/.
    #[arg(long, value_name = "DIR")]
    pkg: Option<PathBuf>,
    /// Another host name to answer to, besides localhost and 127.0.0.1.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Another origin whose pages may send requests, besides those of this machine.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Deliver webhooks to link-local addresses too, such as a cloud's metadata service.
    #[arg(long)]
    allow_link_local_webhooks: bool,
    /// Stop when standard input ends, as it does when the program that started this one ends, however it ends.
    #[arg(long)]
    until_eof: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> io::Result<()> {
    let until_eof = arguments.until_eof;
    let stop = tokio::spawn(async move {
        tokio::select! {
            asked = asked_to_stop() => asked,
            ended = end_of_input(), if until_eof => ended,
        }
    });
    let data = if arguments.memory { None } else { Some(arguments.data) };
    let options = Options {
        data,
        seed: !arguments.empty,
        quotas: Quotas {
            api: arguments.quota_api,
            resolvers: arguments.quota_resolvers,
            pages: arguments.quota_pages,
            unlimited: arguments.no_rate_limit,
        },
        trust: Trust {
            hosts: arguments.allow_host,
            origins: arguments.allow_origin,
            link_local_webhooks: arguments.allow_link_local_webhooks,
        },
        inference_upstream: arguments.inference_upstream,
        token_delay: Duration::from_millis(arguments.token_delay),
        ..Options::default()
    };
    let folders = Folders { www: arguments.www, pkg: arguments.pkg };
    let server = Server::start(arguments.port, arguments.cdn_port, options, folders).await?;
    greet(&server)?;
    stop.await.map_err(io::Error::other)??;
    server.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn asked_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        asked = ctrl_c() => asked,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> io::Result<()> {
    ctrl_c().await
}

/// Reads on a thread of its own: the runtime would wait for one of its own before it ends.
async fn end_of_input() -> io::Result<()> {
    let (tell, told) = oneshot::channel();
    // Nobody hears where another reason to stop came first.
    thread::spawn(move || tell.send(io::copy(&mut io::stdin(), &mut io::sink()).map(drop)));
    told.await.map_err(io::Error::other)?
}

fn greet(server: &Server) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let hub = &server.hub;
    writeln!(out, "Hub           {}", hub.origin)?;
    writeln!(out, "Router        {}/router  (OpenAI style: {0}/v1)", hub.origin)?;
    writeln!(out, "Large files   {}", hub.cdn_origin)?;
    writeln!(out, "Index         {}/_emulator", hub.origin)?;
    writeln!(out, "Tokens")?;
    for token in tokens(hub).map_err(|refusal| io::Error::other(refusal.message))? {
        let expired = if token.expired { ", expired" } else { "" };
        writeln!(out, "  {:<22} {}, {}{expired}", token.text, token.user, token.role)?;
    }
    out.flush()
}
