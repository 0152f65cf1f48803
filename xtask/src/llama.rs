//! llama.cpp's server with a tiny random model: a service that nobody here wrote, and that says nothing sensible. It is what
//! clients of models are tried against.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long the server may take to load its model.
const LOADING: Duration = Duration::from_secs(120);

/// The interpreter that the server runs in, and the model.
pub struct Llama {
    python: PathBuf,
    model: PathBuf,
}

impl Llama {
    /// With the interpreter of `--python`, or one of its own, built the first time.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn of(arguments: &[String]) -> Result<Self, String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("judge-server");
        let work = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/judge-server");
        std::fs::create_dir_all(&work).map_err(|error| format!("{}: {error}", work.display()))?;
        let named = arguments.iter().position(|word| word == "--python");
        let python = match named.and_then(|at| arguments.get(at + 1)) {
            Some(python) => PathBuf::from(python),
            None => installed(&here, &work)?,
        };
        let model = work.join("tiny.gguf");
        done(Command::new(&python).arg(here.join("make_model.py")).arg(&model))?;
        Ok(Self { python, model })
    }

    /// A running server that puts conversations together in this way.
    ///
    /// # Errors
    /// A sentence for a person.
    pub fn start(&self, chat_format: &str) -> Result<Server, String> {
        let port = free_port()?;
        let mut command = Command::new(&self.python);
        command
            .args(["-m", "llama_cpp.server", "--host", "127.0.0.1"])
            .args(["--chat_format", chat_format])
            .args(["--n_ctx", "65536", "--port", &port.to_string(), "--model"])
            .arg(&self.model)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().map_err(|error| format!("the server: {error}"))?;
        let server = Server { child, port };
        server.wait()?;
        Ok(server)
    }
}

/// An interpreter with what the server needs, built the first time; that takes many minutes.
fn installed(here: &Path, work: &Path) -> Result<PathBuf, String> {
    let python = work.join("venv/bin/python");
    if !python.is_file() {
        done(Command::new("python3").args(["-m", "venv"]).arg(work.join("venv")))?;
    }
    let requirements = here.join("requirements.txt");
    done(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(requirements),
    )?;
    Ok(python)
}

/// A server that runs until this is dropped.
pub struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Its address, up to `/v1`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    fn wait(&self) -> Result<(), String> {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if begun.elapsed() > LOADING {
                return Err("the server does not come up".to_owned());
            }
            thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }
}

fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}

/// Runs a command to its end.
pub fn done(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name}: {error}"))?;
    status
        .success()
        .then_some(())
        .ok_or(format!("{name} ended with {status}"))
}
