//! Asks a running host as often as it can: `load SOCKET PATH [BODY-FILE] [REQUESTS] [CONNECTIONS]`.
//!
//! Ends by itself after so many requests, or after a minute. Prints the rate and the times of the answers.

#![allow(clippy::print_stdout, reason = "it prints figures")]

use std::{
    error::Error,
    io::{BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;

const LONGEST: Duration = Duration::from_secs(60);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let mut args = std::env::args().skip(1);
    let (socket, path) = args.next().zip(args.next()).ok_or("load SOCKET PATH [BODY-FILE] [REQUESTS] [CONNECTIONS]")?;
    let body = args.next().filter(|file| file != "-").map(std::fs::read).transpose()?;
    let requests: usize = args.next().map_or(Ok(50_000), |n| n.parse())?;
    let connections: usize = args.next().map_or(Ok(8), |n| n.parse())?;
    let started = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|_| {
            let (socket, path, body) = (socket.clone(), path.clone(), body.clone());
            std::thread::spawn(move || ask(&socket, &path, body.as_deref(), requests / connections, started))
        })
        .collect();
    let mut all: Histogram<u64> = Histogram::new(3)?;
    let mut refused = 0;
    for worker in workers {
        let (times, not_ok) = worker.join().map_err(|_| "a connection's thread panicked")??;
        all.add(times)?;
        refused += not_ok;
    }
    let seconds = started.elapsed().as_secs_f64();
    let us = |quantile| all.value_at_quantile(quantile) as f64 / 1_000.0;
    println!(
        "{} answers in {seconds:.1} s: {:.0} a second; p50 {:.0} us, p99 {:.0} us, longest {:.0} us; {refused} not ok",
        all.len(),
        all.len() as f64 / seconds,
        us(0.5),
        us(0.99),
        us(1.0)
    );
    Ok(())
}

fn ask(
    socket: &str,
    path: &str,
    body: Option<&[u8]>,
    requests: usize,
    started: Instant,
) -> Outcome<(Histogram<u64>, u64)> {
    let mut stream = UnixStream::connect(socket)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let (method, body) = body.map_or(("GET", &[][..]), |body| ("POST", body));
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    let request = [head.as_bytes(), body].concat();
    let (mut times, mut not_ok, mut answer) = (Histogram::new(3)?, 0, Vec::new());
    for _ in 0..requests {
        if started.elapsed() > LONGEST {
            break;
        }
        let asked = Instant::now();
        stream.write_all(&request)?;
        let (mut line, mut length, mut first) = (String::new(), 0, true);
        loop {
            line.clear();
            if answers.read_line(&mut line)? == 0 {
                return Err("the host closed the connection".into());
            }
            if std::mem::take(&mut first) && !line.starts_with("HTTP/1.1 200") {
                not_ok += 1;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        answer.resize(length, 0);
        answers.read_exact(&mut answer)?;
        times.record(u64::try_from(asked.elapsed().as_nanos())?)?;
    }
    Ok((times, not_ok))
}
