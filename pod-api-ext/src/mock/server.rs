//! The thread that the pod runs on.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener as Listener;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::service::Service;
use super::stage::Stage;
use super::wire::{Line, Socket};

/// How long calls that are being answered may take when the pod stops.
const GRACE: Duration = Duration::from_secs(5);

/// How long nothing is accepted after a failure, for instance for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(10);

/// Serves on a thread of its own: neither what a test's runtime is busy with nor a clock that it has paused stops a
/// pod, and clients may block.
pub(super) fn start(
    listener: Listener,
    service: Arc<Service>,
    stage: watch::Receiver<Stage>,
) -> io::Result<JoinHandle<()>> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let listener = {
        let _entered = runtime.enter();
        TcpListener::from_std(listener)?
    };
    std::thread::Builder::new()
        .name("mock-pod".to_owned())
        .spawn(move || runtime.block_on(accept(listener, service, stage)))
}

async fn accept(listener: TcpListener, service: Arc<Service>, mut stage: watch::Receiver<Stage>) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let handed_on = stage.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&service), handed_on.clone(), graceful.watcher()));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            changed = stage.wait_for(|stage| *stage != Stage::Running) => {
                drop(changed);
                break;
            }
        }
    }
    drop(listener);
    tokio::select! {
        _ = timeout(GRACE, graceful.shutdown()) => {}
        _ = stage.wait_for(|stage| *stage == Stage::Gone) => {}
    }
}

async fn connection(stream: TcpStream, service: Arc<Service>, stage: watch::Receiver<Stage>, watcher: Watcher) {
    // A connection that isn't without delay is slower and nothing else.
    let _ = stream.set_nodelay(true);
    let line = Arc::new(Line::default());
    let io = TokioIo::new(Socket::new(stream, Arc::clone(&line)));
    let answer = service_fn(|request| {
        let (service, line, stage) = (Arc::clone(&service), Arc::clone(&line), stage.clone());
        async move { Ok::<_, Infallible>(service.serve(request, &line, stage).await) }
    });
    let server = auto::Builder::new(TokioExecutor::new());
    let connection = watcher.watch(server.serve_connection(io, answer).into_owned());
    tokio::select! {
        // What goes wrong with a connection goes wrong at the client's end, or was asked for.
        _ = connection => {}
        () = line.ended() => {}
    }
}
