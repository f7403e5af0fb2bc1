//! The command line of the emulator.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use axum::http::Uri;
use axum::http::uri::Authority;
use clap::Parser;
use emulator::http::app::Options;
use emulator::http::control::tokens;
use emulator::http::layers::{Conditions, Quotas, Trust};
use emulator::http::server::Server;
use emulator::http::www::Folders;
use tokio::signal::ctrl_c;
use tokio::sync::oneshot;

/// A local Hugging Face Hub and inference router to develop and test against.
///
/// Prints its addresses and ready-made tokens, and stops on Ctrl-C. It listens on 127.0.0.1 only.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    /// Port of the Hub and the router; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8787)]
    port: u16,
    /// Port of the second origin, which large files are redirected to; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    cdn_port: u16,
    /// Keep everything in this folder; without it, nothing is kept
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Bytes of the parts in which large files are uploaded; smaller ones go up whole
    #[arg(long, value_name = "BYTES", default_value_t = 8 << 20, value_parser = clap::value_parser!(u64).range(1..))]
    part_size: u64,
    /// Start without seed data: no accounts, no tokens, no repositories
    #[arg(long)]
    empty: bool,
    /// Stop when standard input ends, as it does when the program that started this one ends
    #[arg(long)]
    until_eof: bool,

    /// Count requests, but refuse none
    #[arg(long, help_heading = "Rate limits")]
    no_rate_limit: bool,
    /// API requests in five minutes, in place of the plans' quotas
    #[arg(long, value_name = "N", help_heading = "Rate limits")]
    quota_api: Option<u32>,
    /// Downloads in five minutes
    #[arg(long, value_name = "N", help_heading = "Rate limits")]
    quota_resolvers: Option<u32>,
    /// Pages in five minutes
    #[arg(long, value_name = "N", help_heading = "Rate limits")]
    quota_pages: Option<u32>,

    /// Bytes a second that the network carries, in each direction
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Network")]
    bandwidth: Option<u64>,
    /// Milliseconds from a request to its response
    #[arg(long, value_name = "MS", help_heading = "Network")]
    latency: Option<u64>,

    /// OpenAI-compatible server (http://…) that answers chat for all but the emulator's models
    #[arg(long, value_name = "URL", value_parser = upstream, help_heading = "Inference")]
    inference_upstream: Option<String>,
    /// Pause before each token of a streamed chat, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 15, help_heading = "Inference")]
    token_delay: u64,

    /// Another host name to answer to; may be repeated
    #[arg(long, value_name = "NAME", value_parser = host, help_heading = "Web pages and webhooks")]
    allow_host: Vec<String>,
    /// Another origin whose pages may send requests; may be repeated
    #[arg(long, value_name = "ORIGIN", value_parser = origin, help_heading = "Web pages and webhooks")]
    allow_origin: Vec<String>,
    /// Deliver webhooks to link-local addresses too, such as a cloud's metadata service
    #[arg(long, help_heading = "Web pages and webhooks")]
    allow_link_local_webhooks: bool,
    /// Folder of a page to serve below /www/; / leads to it
    #[arg(long, value_name = "DIR", value_parser = folder, help_heading = "Web pages and webhooks")]
    www: Option<PathBuf>,
    /// Folder of the built package to serve below /pkg/
    #[arg(long, value_name = "DIR", value_parser = folder, help_heading = "Web pages and webhooks")]
    pkg: Option<PathBuf>,
    /// Folder of the built documentation to serve below /docs/
    #[arg(long, value_name = "DIR", value_parser = folder, help_heading = "Web pages and webhooks")]
    docs: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  emulator                       a Hub with seed data that forgets everything when it stops
  emulator --port 0 --until-eof  one for a test: a free port, and it stops when the test does
  emulator --data ~/hub          one that keeps what is written to it

Point a client at it with HF_ENDPOINT=http://127.0.0.1:8787 and HF_TOKEN=hf_emulator_write.";

/// A folder that is there.
fn folder(text: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(text);
    if folder.is_dir() { Ok(folder) } else { Err("there is no such folder".to_owned()) }
}

/// A URL without TLS, which this program does not speak.
fn upstream(text: &str) -> Result<String, String> {
    match text.parse::<Uri>() {
        Ok(uri) if uri.scheme_str() == Some("http") => Ok(text.to_owned()),
        _ => Err("expected a URL that begins with http://".to_owned()),
    }
}

/// A name as it stands in `Host`, without the port.
fn host(text: &str) -> Result<String, String> {
    match text.parse::<Authority>() {
        Ok(authority) if authority.host() == text => Ok(text.to_owned()),
        _ => Err("expected a host name without scheme and port, such as hub.test".to_owned()),
    }
}

/// An origin as it stands in `Origin`.
fn origin(text: &str) -> Result<String, String> {
    match text.parse::<Uri>() {
        Ok(uri) if uri.scheme().is_some() && uri.path() == "/" && uri.query().is_none() => Ok(text.to_owned()),
        _ => Err("expected scheme, host and perhaps a port, such as https://app.example:5173".to_owned()),
    }
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
    let options = Options {
        data: arguments.data,
        part_size: arguments.part_size,
        seed: !arguments.empty,
        quotas: Quotas {
            api: arguments.quota_api,
            resolvers: arguments.quota_resolvers,
            pages: arguments.quota_pages,
            unlimited: arguments.no_rate_limit,
        },
        network: Conditions { bandwidth: arguments.bandwidth, latency: arguments.latency },
        trust: Trust {
            hosts: arguments.allow_host,
            origins: arguments.allow_origin,
            link_local_webhooks: arguments.allow_link_local_webhooks,
        },
        inference_upstream: arguments.inference_upstream,
        token_delay: Duration::from_millis(arguments.token_delay),
        ..Options::default()
    };
    let folders = Folders { www: arguments.www, pkg: arguments.pkg, docs: arguments.docs };
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
    // There is no receiver if another reason to stop came first.
    thread::spawn(move || tell.send(io::copy(&mut io::stdin(), &mut io::sink()).map(drop)));
    told.await.map_err(io::Error::other)?
}

fn greet(server: &Server) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let hub = &server.app.hub;
    writeln!(out, "Hub           {}", hub.origin)?;
    writeln!(out, "Router        {}/router  (OpenAI style: {0}/v1)", hub.origin)?;
    writeln!(out, "Large files   {}", hub.cdn_origin)?;
    writeln!(out, "Index         {}/_emulator", hub.origin)?;
    writeln!(out, "Tokens")?;
    for token in tokens(hub).map_err(|error| io::Error::other(error.message))? {
        let expired = if token.expired { ", expired" } else { "" };
        writeln!(out, "  {:<22} {}, {}{expired}", token.text, token.user, token.role)?;
    }
    out.flush()
}
