//! What an HTTP server doesn't do by itself: break connections and bodies.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;

/// How a connection is told to end.
#[derive(Debug, Default)]
pub(super) struct Line {
    reset: AtomicBool,
    ended: Notify,
}

impl Line {
    /// Ends the connection, with RST or with FIN.
    pub(super) fn end(&self, reset: bool) {
        self.reset.store(reset, Ordering::Release);
        self.ended.notify_one();
    }

    /// Waits until the connection is told to end.
    pub(super) async fn ended(&self) {
        self.ended.notified().await;
    }
}

/// A connection that is closed the way its [`Line`] says.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    line: Arc<Line>,
}

impl Socket {
    pub(super) const fn new(stream: TcpStream, line: Arc<Line>) -> Self {
        Self { stream, line }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.line.reset.load(Ordering::Acquire) {
            // A connection that doesn't linger is reset when it is closed. If that can't be set it is closed only,
            // and there is nobody to be told.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The body of an answer, whole or cut short.
#[derive(Debug)]
pub(super) struct AnswerBody {
    /// What is sent.
    rest: Option<Bytes>,
    /// How much was announced and isn't sent, in bytes.
    missing: u64,
    /// Whether what was sent before the cut is on its way.
    flushed: bool,
}

impl AnswerBody {
    pub(super) fn whole(bytes: Bytes) -> Self {
        Self { rest: Some(bytes).filter(|bytes| !bytes.is_empty()), missing: 0, flushed: false }
    }

    /// The first half of it.
    pub(super) fn cut(mut bytes: Bytes) -> Self {
        let length = bytes.len();
        bytes.truncate(length / 2);
        let missing = u64::try_from(length.saturating_sub(bytes.len())).unwrap_or(u64::MAX);
        Self { missing, ..Self::whole(bytes) }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if self.missing == 0 {
            return Poll::Ready(None);
        }
        if !self.flushed {
            // hyper writes out what it has when a body isn't ready, and drops it when a body fails.
            self.flushed = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("the body is cut short, as a fault asked for"))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && self.missing == 0
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        SizeHint::with_exact(rest.saturating_add(self.missing))
    }
}
