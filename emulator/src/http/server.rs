//! The sockets: the Hub with the router on one origin, large files on another, both on 127.0.0.1.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http::app::{App, Options};
use crate::http::www::{self, Folders};
use crate::http::{cdn, deliveries, drain, layers};
use crate::hub::webhooks;

/// How long open responses may go on after the stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// A running emulator.
#[derive(Debug)]
pub struct Server {
    pub app: Arc<App>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
}

impl Server {
    /// Binds both ports (0 takes a free one), opens the Hub and answers. The origins in `options` are replaced.
    pub async fn start(port: u16, cdn_port: u16, options: Options, folders: Folders) -> io::Result<Server> {
        let main = bind("--port", port).await?;
        let files = bind("--cdn-port", cdn_port).await?;
        let options = Options {
            origin: format!("http://{}", main.local_addr()?),
            cdn_origin: format!("http://{}", files.local_addr()?),
            ..options
        };
        let app = tokio::task::spawn_blocking(move || App::open(options))
            .await?
            .map_err(|error| io::Error::other(error.message))?;
        webhooks::resume(&app.hub).map_err(|error| io::Error::other(error.message))?;
        deliveries::dispatch(&app);
        let page = www::before(layers::service(Arc::clone(&app)), folders);
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![
            serve(main, drain::before(layers::before(page, Arc::clone(&app))), stopped.clone()),
            serve(files, drain::before(layers::before(cdn::service(Arc::clone(&app)), Arc::clone(&app))), stopped),
        ];
        Ok(Server { app, stop, tasks })
    }

    /// Takes no more requests, and lets open ones end.
    pub async fn stop(self) {
        // No receiver is left when both tasks ended by themselves.
        let _ = self.stop.send(true);
        for task in self.tasks {
            let abort = task.abort_handle();
            if tokio::time::timeout(SHUTDOWN_GRACE, task).await.is_err() {
                abort.abort();
            }
        }
    }
}

async fn bind(option: &str, port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| {
        let text = match error.kind() {
            ErrorKind::AddrInUse => format!("port {port} is taken; `{option} 0` takes a free one"),
            ErrorKind::PermissionDenied => format!("port {port} is reserved; `{option} 0` takes a free one"),
            _ => format!("port {port}: {error}"),
        };
        io::Error::new(error.kind(), text)
    })
}

fn serve(listener: TcpListener, service: Router, mut stopped: watch::Receiver<bool>) -> JoinHandle<io::Result<()>> {
    let service = service.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        axum::serve(listener, service)
            .with_graceful_shutdown(async move {
                // An error means that the server was dropped, which stops it as well.
                let _ = stopped.wait_for(|stop| *stop).await;
            })
            .await
    })
}
