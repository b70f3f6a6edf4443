//! A connection whose other end must take what it is sent.
//!
//! Without this, whoever opens a stream and reads nothing holds a place for as long as the connection may live.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// Ends a connection that took nothing for a while although there was something to send.
#[derive(Debug)]
pub(super) struct Patient<S> {
    stream: S,
    patience: Duration,
    /// Runs while something waits to be taken.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    pub(super) const fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, waiting: None }
    }

    fn judge<T>(&mut self, cx: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.waiting = None;
            return sent;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(waiting.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other end takes nothing")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, to)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(cx, from);
        self.judge(cx, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(cx, from);
        self.judge(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, io::Read as _, os::unix::net::UnixStream as Plain};

    use tokio::net::UnixStream;

    use super::*;

    /// A connection, and its other end.
    fn pair(patience: Duration) -> (Patient<UnixStream>, Plain) {
        let (near, far) = Plain::pair().unwrap();
        near.set_nonblocking(true).unwrap();
        (Patient::new(UnixStream::from_std(near).unwrap(), patience), far)
    }

    /// Sends so many bytes, or as many as it can.
    async fn send(near: &mut Patient<UnixStream>, bytes: usize) -> io::Result<usize> {
        let mut left = bytes;
        while left > 0 {
            let piece = vec![7; left.min(4096)];
            left -= poll_fn(|cx| Pin::new(&mut *near).poll_write(cx, &piece)).await?;
        }
        Ok(bytes)
    }

    #[tokio::test]
    async fn who_takes_nothing_is_given_up() {
        let (mut near, _far) = pair(Duration::from_millis(100));
        let error = send(&mut near, 64 << 20).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    /// All of it takes longer than anybody would wait for it to take something.
    #[tokio::test]
    async fn who_is_slow_is_served() {
        const BYTES: usize = 4 << 20;
        let (mut near, mut far) = pair(Duration::from_secs(2));
        let reader = std::thread::spawn(move || {
            let (mut taken, mut some) = (0, vec![0; 64 << 10]);
            while taken < BYTES {
                std::thread::sleep(Duration::from_millis(50));
                taken += far.read(&mut some).unwrap();
            }
        });
        assert_eq!(send(&mut near, BYTES).await.unwrap(), BYTES);
        reader.join().unwrap();
    }
}
