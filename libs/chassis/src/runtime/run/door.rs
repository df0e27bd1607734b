//! The door of a service. It opens when the service knows enough to answer, and closes so that a load balancer that
//! keeps connections never sends a request into one that is being closed.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::Request;
use axum::extract::connect_info::Connected;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// Without the broker a service opens after so long: what is its own it can answer.
const LONGEST_CLOSED: Duration = Duration::from_secs(5);
/// So long idle connections are served after the door closed. Longer than a gateway may keep one that is idle.
const GOODBYE: Duration = Duration::from_secs(2);
const QUEUE: u32 = 1024;

/// An address that is taken; who comes is refused, and may try another replica.
pub(super) struct Door(TcpSocket);

impl Door {
    pub(super) fn build(addr: SocketAddr) -> anyhow::Result<Self> {
        let build = || {
            let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
            socket.set_reuseaddr(true)?;
            socket.bind(addr)?;
            io::Result::Ok(socket)
        };
        build().map(Self).with_context(|| format!("{addr} is taken"))
    }

    /// Opens once what the others said is known and says so; serves until `stop`. After that nobody new is let in, every
    /// answer closes its connection, and requests that run are waited for.
    pub(super) async fn serve(
        self,
        routes: Router,
        mut caught_up: watch::Receiver<bool>,
        open: watch::Sender<bool>,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        tokio::select! {
            _ = tokio::time::timeout(LONGEST_CLOSED, caught_up.wait_for(|up| *up)) => {}
            () = stop.cancelled() => return Ok(()),
        }
        let porch = Porch {
            listener: Some(self.0.listen(QUEUE)?),
            waiting: VecDeque::new(),
            guests: TaskTracker::new(),
            stop: stop.clone(),
        };
        open.send_replace(true);
        let goodbye = goodbye(stop.clone(), porch.guests.clone());
        let routes = routes.layer(middleware::from_fn(move |request, next| {
            last_words(stop.clone(), request, next)
        }));
        let service = routes.into_make_service_with_connect_info::<Guest>();
        axum::serve(porch, service).with_graceful_shutdown(goodbye).await?;
        Ok(())
    }
}

/// Until then idle connections stay open.
async fn goodbye(stop: CancellationToken, guests: TaskTracker) {
    stop.cancelled().await;
    tokio::time::timeout(GOODBYE, guests.wait()).await.ok();
}

async fn last_words(stop: CancellationToken, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if stop.is_cancelled() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Somebody with an open connection.
#[derive(Debug, Clone)]
struct Guest {
    _inside: TaskTrackerToken,
}

impl Connected<IncomingStream<'_, Porch>> for Guest {
    fn connect_info(stream: IncomingStream<'_, Porch>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Where guests come in, and are counted.
struct Porch {
    listener: Option<TcpListener>,
    waiting: VecDeque<(TcpStream, Guest)>,
    guests: TaskTracker,
    stop: CancellationToken,
}

impl Porch {
    fn guest(&self) -> Guest {
        Guest { _inside: self.guests.token() }
    }

    /// Whoever is connected already is let in: the kernel would break off their connections, with what they said.
    fn close(&mut self) -> io::Result<()> {
        if let Some(listener) = self.listener.take() {
            let listener = listener.into_std()?;
            while let Ok((stream, _)) = listener.accept() {
                stream.set_nonblocking(true)?;
                self.waiting.push_back((TcpStream::from_std(stream)?, self.guest()));
            }
        }
        self.guests.close();
        Ok(())
    }
}

impl Listener for Porch {
    type Io = TcpStream;
    type Addr = Guest;

    async fn accept(&mut self) -> (TcpStream, Guest) {
        if let Some(listener) = &mut self.listener {
            tokio::select! {
                (stream, _) = Listener::accept(listener) => return (stream, self.guest()),
                () = self.stop.cancelled() => {}
            }
            if let Err(error) = self.close() {
                tracing::warn!(%error, "somebody was turned away at the end");
            }
        }
        match self.waiting.pop_front() {
            Some(guest) => guest,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Guest> {
        Ok(self.guest())
    }
}
