//! One request over a Unix socket.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, anyhow, bail};
use bulkhead_server::view::ErrorBody;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::Bytes,
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::UnixStream;

/// Longer than the host works on anything.
const PATIENCE: Duration = Duration::from_secs(150);

/// How something is asked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Method {
    Get,
    Post,
    Put,
}

/// A host's socket.
#[derive(Debug)]
pub(super) struct Client {
    socket: PathBuf,
    patience: Duration,
}

impl Client {
    pub(super) fn new(socket: PathBuf) -> Self {
        Self { socket, patience: PATIENCE }
    }

    /// The same with another patience.
    pub(super) fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(super) fn get<A: DeserializeOwned>(&self, path: &str) -> Result<A> {
        self.ask(Method::Get, path, Bytes::new())
    }

    pub(super) fn send<A: DeserializeOwned>(&self, method: Method, path: &str, body: &impl Serialize) -> Result<A> {
        self.ask(method, path, serde_json::to_vec(body)?.into())
    }

    fn ask<A: DeserializeOwned>(&self, method: Method, path: &str, body: Bytes) -> Result<A> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let answer =
            runtime.block_on(async { tokio::time::timeout(self.patience, self.exchange(method, path, body)).await });
        let (success, body) =
            answer.map_err(|_| anyhow!("the host did not answer on {} in time", self.socket.display()))??;
        if success {
            return serde_json::from_slice(&body)
                .context("the host's answer cannot be understood: is it of this version?");
        }
        match serde_json::from_slice::<ErrorBody>(&body) {
            Ok(answered) => bail!("{}", answered.error.message),
            Err(_) => bail!("the host refused this without a reason that can be understood: is it of this version?"),
        }
    }

    async fn exchange(&self, method: Method, path: &str, body: Bytes) -> Result<(bool, Bytes)> {
        let stream = UnixStream::connect(&self.socket).await.map_err(|error| self.nobody(&error))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let method = match method {
            Method::Get => hyper::Method::GET,
            Method::Post => hyper::Method::POST,
            Method::Put => hyper::Method::PUT,
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .with_context(|| format!("{path} cannot be asked for"))?;
        let ended = || format!("the host ended while it was asked on {}", self.socket.display());
        let response = sender.send_request(request).await.with_context(ended)?;
        let success = response.status().is_success();
        let body = response.into_body().collect().await.with_context(ended)?;
        Ok((success, body.to_bytes()))
    }

    fn nobody(&self, error: &std::io::Error) -> anyhow::Error {
        anyhow!(
            "no host answers on {} ({error}); start one with `bulkhead run`, or name its state folder with --state",
            self.socket.display()
        )
    }
}

/// A name as one segment of a path.
pub(super) fn segment(name: &str) -> String {
    use std::fmt::Write;
    name.bytes().fold(String::with_capacity(name.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_segment() {
        assert_eq!(segment("risk-os"), "risk-os");
        assert_eq!(segment("../a b?c#ü"), "..%2Fa%20b%3Fc%23%C3%BC");
    }

    #[test]
    fn where_nobody_answers_the_sentence_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let error = Client::new(dir.path().join("control.sock")).get::<ErrorBody>("/x").unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("control.sock") && text.contains("--state"), "{text}");
    }
}
