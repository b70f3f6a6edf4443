//! Connections that say one byte at a time, from a process of their own.

use std::{
    io::Write as _,
    net::{SocketAddr, TcpStream},
    process::{Child, Command, ExitCode, Stdio},
    thread::sleep,
    time::Duration,
};

/// Between two bytes of a connection.
const PAUSE: Duration = Duration::from_millis(500);
/// It ends by itself.
const ROUNDS: u32 = 1_200;
const HEAD: &[u8] = b"POST /ai/emergency HTTP/1.1\r\nhost: localhost\r\nx-slow: ";

/// The process that holds them. It ends with this.
pub struct Slow(Child);

impl Slow {
    /// So many, shared out over these addresses.
    pub fn start(control: SocketAddr, brake: SocketAddr, count: u32) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["dribble", &control.to_string(), &brake.to_string(), &count.to_string()])
            .stdout(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Holds connections open, and opens another one for each that is closed.
pub fn dribble(to: &[&str], count: &str) -> ExitCode {
    let to: Vec<SocketAddr> = to.iter().map(|address| address.parse().unwrap()).collect();
    let count: usize = count.parse().unwrap();
    let mut all: Vec<Option<(TcpStream, usize)>> = (0..count).map(|_| None).collect();
    for _ in 0..ROUNDS {
        for (n, place) in all.iter_mut().enumerate() {
            let byte = |said: usize| HEAD.get(said).copied().unwrap_or(b'x');
            let still = place.take().and_then(|(mut stream, said)| {
                stream.write_all(&[byte(said)]).ok()?;
                Some((stream, said + 1))
            });
            *place = still.or_else(|| Some((TcpStream::connect(to[n % to.len()]).ok()?, 0)));
        }
        sleep(PAUSE);
    }
    ExitCode::SUCCESS
}
