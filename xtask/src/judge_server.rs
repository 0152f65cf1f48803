//! `xtask judge-server`: the judge's client against a server that nobody here wrote, llama.cpp's, with a tiny random model.
//! It shows that the wire fits: one token at the first stage, an answer in the schema's form at the second. It judges
//! nothing.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use placet_facts::NeutralWorld;
use placet_judge::{Asking, Case, Deadline, Dialect, Http, Prose, Question, ask};
use placet_model::{Action, Decision, Dialect as Shell, Mode, Principal, Tier, ToolInput};

/// How long the server may take to load its model.
const LOADING: Duration = Duration::from_secs(120);
/// How long an answer may take. The model is tiny, but its tokens are bytes, and the rules are a long text.
const ANSWERING: Duration = Duration::from_secs(300);

/// Runs the command.
///
/// # Errors
/// A sentence for a person.
pub fn run(arguments: &[String]) -> Result<(), String> {
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
    let port = free_port()?;
    let server = Server::start(&python, &model, port)?;
    server.wait(port)?;
    let service = Http::new(
        Dialect::OpenAi,
        Some(&format!("http://127.0.0.1:{port}/v1")),
        "tiny",
        None,
    )
    .map_err(|error| error.to_string())?;
    for first in [true, false] {
        let asking = Asking {
            first,
            price: None,
            cache: None,
        };
        let judged = ask(&question(), &service, &asking, &Deadline::after(ANSWERING));
        let stages: Vec<String> = judged
            .record
            .stages
            .iter()
            .map(|took| {
                format!(
                    "stage {}: {} ms, {} tokens in, {} out",
                    took.stage, took.millis, took.tokens_in, took.tokens_out
                )
            })
            .collect();
        println!("{}", stages.join("; "));
        let opinion = judged.opinion.map_err(|why| format!("no opinion: {why}"))?;
        let said = opinion.decision.map_or("unsure", Decision::name);
        println!("    {said} by {}: {}", opinion.rule, opinion.reason);
        let tokens = |stage: u8| {
            let mut took = judged.record.stages.iter().filter(move |took| took.stage == stage);
            took.next().map(|took| took.tokens_out)
        };
        if first && tokens(1).is_none_or(|count| count > 1) {
            return Err("the first stage is not one token".to_owned());
        }
        if !first && tokens(2).is_none_or(|count| count < 2) {
            return Err("the second stage said nothing".to_owned());
        }
    }
    Ok(())
}

/// A question that any judge would be asked.
fn question() -> Question {
    let facts = NeutralWorld::new(None, None).with_user_messages(vec!["please publish version 0.3.1".to_owned()]);
    let action = Action {
        principal: Principal::default(),
        id: String::new(),
        tool: "Bash".to_owned(),
        input: ToolInput::Shell {
            command: "cargo publish".to_owned(),
            dialect: Shell::Bash,
            background: false,
            unconfined: false,
        },
        mode: Mode::Auto,
        tier: Tier::Balanced,
        attended: true,
    };
    Question::new(&Case {
        action: &action,
        effects: &placet_effects::analyse(&action, &facts).effects,
        facts: &facts,
        boundaries: &[],
        earlier: &[],
        prose: &Prose::default(),
        redact: &crate::judge::plain,
    })
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

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    fn start(python: &Path, model: &Path, port: u16) -> Result<Self, String> {
        let mut command = Command::new(python);
        command
            .args([
                "-m",
                "llama_cpp.server",
                "--host",
                "127.0.0.1",
                "--chat_format",
                "chatml",
            ])
            .args(["--n_ctx", "65536", "--port", &port.to_string(), "--model"])
            .arg(model)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
            .spawn()
            .map(Self)
            .map_err(|error| format!("the server: {error}"))
    }

    fn wait(&self, port: u16) -> Result<(), String> {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
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

fn done(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name}: {error}"))?;
    status
        .success()
        .then_some(())
        .ok_or(format!("{name} ended with {status}"))
}
