//! `placet doctor`: the checklist before one lets an agent work alone. Each item says what to do if it does not hold.

use std::fs::{self, OpenOptions};
use std::path::Path;

use placet_engine::policy::{Diagnostic, Severity, lint, loosens};
use placet_engine::{IgnoreText, Policy, PolicyText, Scope as PolicyScope};
use placet_facts::NeutralWorld;
use placet_hook::{Places, policies, trust};
use placet_model::{Decision, ToolInput};
use serde::Serialize;

use crate::check::real_project;
use crate::install::probe::Probe;
use crate::install::{Scope, claude_code, probe};
use crate::judging::{Judging, places};
use crate::screen::{Ink, wrap};
use crate::{Error, Outcome, Screen, visible};

/// Files that an ignore file must cover: one for each kind of credential.
const CREDENTIALS: &[&str] = &[
    ".env",
    ".env.local",
    "server.pem",
    "private.key",
    "id_rsa",
    "id_ed25519",
    "credentials.json",
];

/// One item of the list.
#[derive(Serialize)]
struct Item {
    id: &'static str,
    holds: bool,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Item {
    fn holds(id: &'static str, says: impl Into<String>) -> Self {
        Self {
            id,
            holds: true,
            says: says.into(),
            remedy: None,
        }
    }

    fn fails(id: &'static str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            id,
            holds: false,
            says: says.into(),
            remedy: Some(remedy.into()),
        }
    }
}

/// Goes through the list.
pub(super) fn run(json: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let places = places()?;
    let project = real_project(None)?;
    let mut items = vec![
        ignore_files(&places, &project),
        log(&places),
        policy(&places, &project),
        trusted(&places, &project),
        tier(&places, &project),
    ];
    items.extend(hooks(&places, &project));
    let failed = items.iter().filter(|item| !item.holds).count();
    if json {
        let text = serde_json::to_string_pretty(&items).map_err(|error| Error::Output(error.into()))?;
        screen.line(text)?;
    } else {
        for item in &items {
            let sign = if item.holds {
                screen.paint(Ink::Good, "✓")
            } else {
                screen.paint(Ink::Bad, "✗")
            };
            let mut lines = wrap(&visible::line(&item.says), screen.width().saturating_sub(2)).into_iter();
            screen.line(format!("{sign} {}", lines.next().unwrap_or_default()))?;
            for line in lines {
                screen.line(format!("  {line}"))?;
            }
            if let Some(remedy) = &item.remedy {
                screen.wrapped(4, &visible::line(remedy))?;
            }
        }
        screen.line("")?;
        screen.line(if failed == 0 {
            "Ready.".to_owned()
        } else {
            format!("{failed} of {} do not hold.", items.len())
        })?;
    }
    Ok(if failed == 0 { Outcome::Fine } else { Outcome::Found })
}

/// The ignore files, asked as the engine asks them: would reading these be denied?
fn ignore_files(places: &Places, project: &str) -> Item {
    const ID: &str = "ignore-file";
    let mut texts = Vec::new();
    for path in places.ignore_files(project) {
        match fs::read_to_string(&path) {
            Ok(text) => texts.push(IgnoreText {
                origin: path.to_string_lossy().into_owned(),
                root: project.to_owned(),
                text,
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Item::fails(
                    ID,
                    format!("{} can't be read: {error}", path.display()),
                    "make it readable: until then every call is asked",
                );
            }
        }
    }
    if texts.is_empty() {
        return Item::fails(
            ID,
            format!("no ignore file in {project}"),
            "`placet init` writes one that covers credentials",
        );
    }
    let judging = Judging {
        policy: Policy::load(&[], &texts),
        ..Judging::default()
    };
    let facts = NeutralWorld::new(Some(project), Some(project));
    let open: Vec<&str> = CREDENTIALS
        .iter()
        .copied()
        .filter(|name| {
            let input = ToolInput::Read {
                path: format!("{project}/{name}"),
            };
            judging.decide("Read", input, &facts, None).verdict.decision() != Decision::Deny
        })
        .collect();
    let origins = texts
        .iter()
        .map(|text| text.origin.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    if open.is_empty() {
        Item::holds(ID, format!("credentials are ignored ({origins})"))
    } else {
        Item::fails(
            ID,
            format!("{origins} does not cover {}", open.join(", ")),
            "add these lines to .placetignore",
        )
    }
}

fn log(places: &Places) -> Item {
    const ID: &str = "audit-log";
    let log = places.log();
    let remedy = "without a record nothing is allowed: make the directory writable, or set XDG_STATE_HOME";
    if let Err(error) = fs::create_dir_all(&places.state) {
        return Item::fails(ID, format!("{} can't be made: {error}", places.state), remedy);
    }
    // Opened for appending and closed again: nothing is written. Where there is no log yet, the directory is tried.
    let tried = if log.exists() {
        OpenOptions::new().append(true).open(&log).map(|_| ())
    } else {
        let probe = Path::new(&places.state).join(".doctor");
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&probe)
            .and_then(|_| fs::remove_file(&probe))
    };
    if let Err(error) = tried {
        return Item::fails(ID, format!("{} can't be written: {error}", log.display()), remedy);
    }
    if !log.exists() {
        return Item::holds(ID, format!("the log can be written ({})", log.display()));
    }
    match placet_audit::verify(&log, None) {
        Ok(found) if found.holds() => Item::holds(
            ID,
            format!(
                "the log can be written, and its {} records hold ({})",
                found.records,
                log.display()
            ),
        ),
        Ok(found) => Item::fails(
            ID,
            format!(
                "{} is not what was written to it (findings: {})",
                log.display(),
                found.findings.len()
            ),
            "`placet audit verify` lists them; somebody edited the log, or a disk is failing",
        ),
        Err(error) => Item::fails(ID, format!("{} can't be read: {error}", log.display()), remedy),
    }
}

fn policy(places: &Places, project: &str) -> Item {
    const ID: &str = "policy";
    let loaded = match policies::load(places, project) {
        Ok(policy) => policy,
        Err(failure) => return Item::fails(ID, failure.reason(), "mend the file: until then every call is asked"),
    };
    let errors: Vec<Diagnostic> = lint(&loaded)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    match errors.first() {
        Some(first) => Item::fails(
            ID,
            format!("{}: {}", first.at, first.message),
            "`placet policy lint` shows all; what the file allows does not count until then",
        ),
        None => {
            let count = loaded.rules().len();
            Item::holds(ID, format!("the policy can be read (rules: {count})"))
        }
    }
}

fn trusted(places: &Places, project: &str) -> Item {
    const ID: &str = "trust";
    let mut open = Vec::new();
    for file in places.policy_files(project) {
        if !matches!(file.scope, PolicyScope::Project | PolicyScope::Local) {
            continue;
        }
        let Ok(text) = fs::read_to_string(&file.path) else {
            continue;
        };
        let origin = file.path.to_string_lossy().into_owned();
        let text = PolicyText {
            origin,
            scope: file.scope,
            format: file.format,
            text,
            trusted: false,
        };
        if loosens(&text) && !trust::is_trusted(places, &file.path, &text.text).unwrap_or(false) {
            open.push(text.origin);
        }
    }
    if open.is_empty() {
        Item::holds(ID, "nothing waits for your trust")
    } else {
        Item::fails(
            ID,
            format!("not trusted, so what it allows does not count: {}", open.join(", ")),
            "read it, then `placet trust`",
        )
    }
}

fn tier(places: &Places, project: &str) -> Item {
    const ID: &str = "tier";
    let Ok(policy) = policies::load(places, project) else {
        return Item::fails(ID, "the tier can't be told: the policy can't be read", "see above");
    };
    let settings = policy.settings();
    let tier = settings.tier().name();
    let mode = settings.mode().map_or("as the agent reports", placet_model::Mode::name);
    if settings.has_tier() {
        Item::holds(ID, format!("tier {tier}, mode {mode}"))
    } else {
        Item::fails(
            ID,
            format!("no tier is chosen, so it is {tier}"),
            "choose one: `placet tier balanced` (or permissive, restrictive)",
        )
    }
}

/// Whether the hook stands in some settings of Claude Code, and fires.
fn hooks(places: &Places, project: &str) -> Vec<Item> {
    const ID: &str = "hook";
    let (home, project) = (Path::new(&places.home), Path::new(project));
    let mut commands: Vec<(String, String)> = Vec::new();
    let mut items = Vec::new();
    for scope in Scope::ALL {
        let path = claude_code::settings_path(*scope, home, project);
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        match claude_code::installed(&path, &text) {
            Ok(found) => {
                let events = found.len();
                for (event, command) in found {
                    if event == "PreToolUse" && !commands.iter().any(|(_, known)| *known == command) {
                        commands.push((format!("{} ({events} entries)", path.display()), command));
                    }
                }
            }
            Err(error) => items.push(Item::fails(ID, format!("{}: {error}", path.display()), error.help())),
        }
    }
    if commands.is_empty() {
        items.push(Item::fails(
            ID,
            "Claude Code does not ask Placet: no entries in its settings",
            "`placet install claude-code` puts them in",
        ));
    }
    for (place, command) in commands {
        let item = match probe::claude_code(&command, project) {
            Probe::Fires => Item::holds(ID, format!("the hook fires: it denies and allows as it must ({place})")),
            Probe::NotRun(why) => Item::fails(
                ID,
                format!("the hook can't be run: {why} ({place})"),
                "`placet install claude-code` puts the right program in",
            ),
            Probe::DoesNotBlock(reply) => Item::fails(
                ID,
                format!(
                    "the hook does not block: exit code {}, {} ({place})",
                    reply.exit_code,
                    first_line(&reply.stderr)
                ),
                "`placet install claude-code` puts the right program in; is it still there?",
            ),
            Probe::BlocksEverything(reply) => Item::fails(
                ID,
                format!(
                    "the hook blocks even `true`: {} ({place})",
                    first_line(if reply.stderr.is_empty() {
                        &reply.stdout
                    } else {
                        &reply.stderr
                    })
                ),
                "the reason is in its answer; the items above often say more",
            ),
        };
        items.push(item);
    }
    items
}

fn first_line(text: &str) -> String {
    visible::cut(text.lines().next().unwrap_or("no message"), 160)
}
