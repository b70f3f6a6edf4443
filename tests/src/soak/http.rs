//! As much of an HTTP client as a measurement needs: one connection, one request at a time, nothing in between.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use serde_json::Value;

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that is kept alive.
pub struct Connection {
    from: BufReader<Box<dyn Read + Send>>,
    to: Box<dyn Write + Send>,
    token: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Of HTTP.
    pub status: u16,
    /// The whole of it.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body; null when it is no JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Connection {
    /// Over the network, with a token.
    ///
    /// # Errors
    /// The system's.
    pub fn tcp(to: SocketAddr, token: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let from: Box<dyn Read + Send> = Box::new(stream.try_clone()?);
        Ok(Self { from: BufReader::new(from), to: Box::new(stream), token: token.to_owned() })
    }

    /// Over a socket of this machine.
    ///
    /// # Errors
    /// The system's.
    pub fn unix(socket: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let from: Box<dyn Read + Send> = Box::new(stream.try_clone()?);
        Ok(Self { from: BufReader::new(from), to: Box::new(stream), token: String::new() })
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// The system's, or an answer that is none.
    pub fn ask(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        self.send(method, path, body)?;
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no answer: {line:?}")))?;
        let mut length = 0;
        loop {
            line.clear();
            if self.from.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let header = line.trim_end();
            if header.is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body)?;
        Ok(Answer { status, body })
    }

    /// Asks, and leaves the answer where it is.
    ///
    /// # Errors
    /// The system's.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<()> {
        let authorization =
            if self.token.is_empty() { String::new() } else { format!("authorization: Bearer {}\r\n", self.token) };
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{authorization}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.to.write_all(request.as_bytes())
    }
}
