//! `placet session`: what was typed becomes a session. The work is done in the session's own crate.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use placet_model::{Mode, Tier};
use placet_session::headless::{self, Format};
use placet_session::terminal::{self, Start};
use placet_session::{Ending, Http, Limits, Model, Named, Options, Resume, Script, Session, Stop, Vendor, demo};

use crate::{Error, Outcome, Screen, cli, explain, visible};

/// How long what runs may take to end when the terminal is gone.
const ENDING: std::time::Duration = std::time::Duration::from_secs(3);

/// Runs one.
pub(super) fn run(typed: &cli::Session, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    if let Some(which) = &typed.demo {
        return show(typed, which, screen);
    }
    let mut options = options(typed, here()?, BTreeMap::new());
    if !typed.print {
        // Approvals take a person; what can be piped in could be the agent's own.
        if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
            return Err(Error::input(
                "there is no terminal here",
                "work without one: `placet session -p …`",
            ));
        }
        options.attended = true;
        return interactive(typed, &options, screen);
    }
    let (named, model, _) = first_model(typed, &options)?;
    let mut session = Session::open(&options, model)?;
    session.keep_model(&named)?;
    let prompt = prompt(typed, &session)?;
    let outcome = work(&mut session, prompt.as_deref(), format(typed), screen)?;
    session.close()?;
    Ok(outcome)
}

fn interactive(typed: &cli::Session, options: &Options, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let (named, model, shelf) = first_model(typed, options)?;
    let mut session = Session::open(options, model)?;
    session.keep_model(&named)?;
    let end = signals()?;
    let gone = end.clone();
    std::thread::spawn(move || {
        terminal::wait_until_gone();
        end_of_terminal(&gone);
    });
    let start = Start {
        session,
        prompt: typed.prompt.clone(),
        colour: screen.has_colour(),
        end,
        models: Box::new(move |name| shelf.find(name).map_err(|error| said(&error))),
    };
    let simple = std::env::var_os("TERM").is_none_or(|kind| kind == "dumb" || kind.is_empty());
    screen.flush()?;
    let (id, used) = if typed.plain || simple {
        terminal::plain(start)?
    } else {
        terminal::screen(start)?
    };
    if used {
        screen.line(format!("This session goes on with:  placet session --resume {id}"))?;
    }
    Ok(Outcome::Fine)
}

/// A demonstration: a project of its own, and a state of its own, so that nothing of the user's is touched.
fn show(typed: &cli::Session, which: &str, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let which = if which == "traps" {
        demo::Demo::Traps
    } else {
        demo::Demo::Unattended
    };
    let laid = demo::lay_out(which)?;
    let mut options = options(typed, laid.project.clone(), laid.variables.clone());
    if options.mode.is_none() {
        options.mode = Some(Mode::Auto);
    }
    let mut session = Session::open(&options, Box::new(laid.script.clone()))?;
    let format = match format(typed) {
        Format::Text | Format::Lines => Format::Lines,
        Format::Json => Format::Json,
        Format::StreamJson => Format::StreamJson,
    };
    let outcome = work(&mut session, Some(laid.prompt), format, screen)?;
    let log = options.log.clone().unwrap_or_else(|| laid.log.clone());
    session.close()?;
    if format == Format::Lines {
        screen.line("")?;
        screen.line(format!("The project is {}.", laid.project.display()))?;
        screen.line(format!("Every decision:  placet audit --log {} show", log.display()))?;
    }
    Ok(outcome)
}

fn work(
    session: &mut Session,
    prompt: Option<&str>,
    format: Format,
    screen: &mut Screen<'_>,
) -> Result<Outcome, Error> {
    let stop = signals()?;
    screen.flush()?;
    let ending = headless::run(session, prompt, format, &stop, &mut std::io::stdout())?;
    Ok(match ending {
        Ending::Done(_) => Outcome::Fine,
        Ending::TooManyDenials => Outcome::Ended(3),
        Ending::NoReply(_) => Outcome::Ended(4),
        Ending::Budget(_) => Outcome::Ended(5),
        Ending::Stopped => Outcome::Ended(130),
    })
}

/// What ends the work from outside.
fn signals() -> Result<Stop, Error> {
    let failed = |error: std::io::Error| Error::input(error.to_string(), "try again");
    let stop = Stop::default();
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, stop.flag()).map_err(failed)?;
    }
    // Who waits for keys of a terminal that is gone is not woken any more: what runs is ended, and then the process.
    let mut hung_up = signal_hook::iterator::Signals::new([signal_hook::consts::SIGHUP]).map_err(failed)?;
    let gone = stop.clone();
    std::thread::spawn(move || {
        if hung_up.forever().next().is_some() {
            end_of_terminal(&gone);
        }
    });
    Ok(stop)
}

/// What runs is ended, and then the process, whatever it still waits for.
fn end_of_terminal(stop: &Stop) {
    stop.now();
    std::thread::sleep(ENDING);
    std::process::exit(129);
}

/// An error and what to do about it, in one sentence.
fn said(error: &Error) -> String {
    match error.help() {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    }
}

fn options(typed: &cli::Session, cwd: PathBuf, variables: BTreeMap<String, String>) -> Options {
    let mode = if typed.dangerously_skip_permissions {
        Some(Mode::BypassPermissions)
    } else if typed.auto_mode {
        Some(Mode::Auto)
    } else {
        typed.permission_mode.as_deref().and_then(Mode::from_name)
    };
    Options {
        cwd,
        variables,
        mode,
        tier: typed.permission_tier.as_deref().and_then(Tier::from_name),
        allowed: typed.allowed.clone(),
        disallowed: typed.disallowed.clone(),
        settings: typed.settings.clone(),
        directories: typed.add_dir.clone(),
        mcp: typed.mcp_config.clone(),
        log: typed.audit_log.clone(),
        limits: Limits {
            turns: typed.max_turns,
            tokens: typed.max_tokens,
            context: typed.context,
        },
        resume: match (&typed.resume, typed.r#continue) {
            (Some(id), _) => Resume::Id(id.clone()),
            (None, true) => Resume::Last,
            (None, false) => Resume::New,
        },
        attended: false,
        withheld: KEYS
            .iter()
            .map(|name| (*name).to_owned())
            .chain(typed.key_env.clone())
            .collect(),
        write_rule: |places, rule| super::grant::write(places, rule).map_err(|error| error.to_string()),
        explain: explain::answered,
    }
}

fn format(typed: &cli::Session) -> Format {
    match (typed.output_format.as_str(), typed.verbose) {
        ("json", _) => Format::Json,
        ("stream-json", _) => Format::StreamJson,
        (_, true) => Format::Lines,
        (_, false) => Format::Text,
    }
}

/// The variables that usually hold keys. What commands are given has none of them.
const KEYS: [&str; 2] = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"];

/// Where models are found: the flags, and the kind of model that they are about.
#[derive(Clone)]
struct Shelf {
    url: Option<String>,
    key_env: Option<String>,
    /// The kind that was named first; another one lives where its vendor keeps it.
    kind: String,
}

impl Shelf {
    fn of(typed: &cli::Session, name: &str) -> Self {
        Self {
            url: typed.model_url.clone(),
            key_env: typed.key_env.clone(),
            kind: name.split(':').next().unwrap_or_default().to_owned(),
        }
    }

    /// The model of this name, to be found again by what comes with it.
    fn find(&self, name: &str) -> Result<(Named, Box<dyn Model>), Error> {
        let here = name.split(':').next() == Some(self.kind.as_str());
        let named = Named {
            name: name.to_owned(),
            url: self.url.clone().filter(|_| here),
            key_env: self.key_env.clone().filter(|_| here),
        };
        let model = model(&named)?;
        Ok((named, model))
    }
}

/// The model to begin with: the one that was typed, or the one that the session had.
fn first_model(typed: &cli::Session, options: &Options) -> Result<(Named, Box<dyn Model>, Shelf), Error> {
    if let Some(name) = typed.model.as_deref() {
        let shelf = Shelf::of(typed, name);
        let (named, model) = shelf.find(name)?;
        return Ok((named, model, shelf));
    }
    let saved = placet_session::last_model(options)?.ok_or_else(|| {
        Error::input(
            "no model is named",
            "`--model` takes `anthropic:NAME`, `openai:NAME` or `script:FILE`; a session that is resumed knows its own",
        )
    })?;
    let named = Named {
        url: typed.model_url.clone().or(saved.url),
        key_env: typed.key_env.clone().or(saved.key_env),
        name: saved.name,
    };
    let shelf = Shelf {
        url: named.url.clone(),
        key_env: named.key_env.clone(),
        ..Shelf::of(typed, &named.name)
    };
    let model = model(&named)?;
    Ok((named, model, shelf))
}

fn model(named: &Named) -> Result<Box<dyn Model>, Error> {
    let [anthropic, openai] = KEYS;
    let (vendor, usual, model) = match named.name.split_once(':') {
        Some(("script", file)) => return Ok(Box::new(Script::open(Path::new(file))?)),
        Some(("anthropic", model)) if !model.is_empty() => (Vendor::Anthropic, anthropic, model),
        Some(("openai", model)) if !model.is_empty() => (Vendor::OpenAi, openai, model),
        _ => {
            return Err(Error::input(
                format!("`{}` names no model", visible::line(&named.name)),
                "a model is named `anthropic:NAME`, `openai:NAME` or `script:FILE`",
            ));
        }
    };
    let variable = named.key_env.as_deref().unwrap_or(usual);
    let key = std::env::var(variable).ok().filter(|key| !key.is_empty());
    // Servers of one's own often want no key.
    if key.is_none() && (named.url.is_none() || named.key_env.is_some()) {
        return Err(Error::input(
            format!("`{variable}` is not set"),
            "set it to the service's key, or name another variable with `--key-env`",
        ));
    }
    let http = Http::new(vendor, named.url.as_deref(), model, key)?;
    Ok(Box::new(match placet_judge::Price::of(model) {
        Some(price) => http.with_price(price.input, price.output),
        None => http,
    }))
}

/// What is to be done; a session that was left in the middle needs no new words.
fn prompt(typed: &cli::Session, session: &Session) -> Result<Option<String>, Error> {
    /// A longer wish is none.
    const LONGEST: u64 = 1 << 20;
    if let Some(text) = &typed.prompt {
        return Ok(Some(text.clone()));
    }
    if session.is_unfinished() {
        return Ok(None);
    }
    let mut text = String::new();
    if !std::io::stdin().is_terminal() {
        let read = std::io::stdin().take(LONGEST).read_to_string(&mut text);
        read.map_err(Error::file("read", Path::new("standard input")))?;
    }
    if text.trim().is_empty() {
        return Err(Error::input(
            "there is nothing to be done",
            "say it: `placet session -p \"…\"`",
        ));
    }
    Ok(Some(text))
}

fn here() -> Result<PathBuf, Error> {
    std::env::current_dir().map_err(Error::file("find", Path::new(".")))
}
