//! What begins with a slash: looking things up, and switching mode and tier. A person types it; the model can't.

use std::sync::PoisonError;

use placet_audit::{Filter, Reader};
use placet_facts::session::{Entry, SessionMemory};
use placet_model::{Mode, Tier};

use crate::gate::{Switch, now};
use crate::open::Records;

/// What comes of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Lines to be shown.
    Say(String),
    /// This goes to the model, as the user's words.
    Send(String),
    Compact,
    /// An explanation.
    Explain(String),
    /// Another model is wanted.
    Model(String),
    Quit,
}

const HELP: &str = "\
/mode [NAME]      show or switch the mode (Shift+Tab goes through them)
/tier [NAME]      show or switch the tier of the mode `auto`
/permissions      the rules in force, their origins, and the last denials
/retry            approve what was denied last, once, and have it tried again
/undo-last-grant  take back the approval that was given last
/explain          how the last call was decided, stage by stage
/audit            the last records of this session
/compact          make room in the context
/mcp              MCP servers: their tools, and why one is not started
/model [NAME]     show the model, or go on with another (openai:NAME …)
/quit             leave; the session can be resumed

Enter sends, Alt+Enter breaks the line, Esc stops what is going on.
PageUp and PageDown scroll.";

/// Does it. A word that is no command is said to be none.
pub(super) fn run(line: &str, switch: &Switch, records: &Records) -> Reply {
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match name {
        "/help" => Reply::Say(HELP.to_owned()),
        "/quit" | "/exit" => Reply::Quit,
        "/compact" => Reply::Compact,
        "/explain" => Reply::Explain(explained(records)),
        "/mcp" => Reply::Say(records.servers.describe()),
        "/model" if rest.is_empty() => Reply::Say(records.model.clone()),
        "/model" => Reply::Model(rest.to_owned()),
        "/mode" => Reply::Say(mode(rest, switch)),
        "/tier" => Reply::Say(tier(rest, switch)),
        "/permissions" => Reply::Say(permissions(records)),
        "/audit" => Reply::Say(audit(records)),
        "/retry" => retry(records).unwrap_or_else(Reply::Say),
        "/undo-last-grant" => Reply::Say(undo(records).unwrap_or_else(|why| why)),
        other => Reply::Say(format!("there is no `{other}`; /help lists what there is")),
    }
}

fn mode(name: &str, switch: &Switch) -> String {
    let offered = super::cycle(switch);
    let names = || offered.iter().map(|mode| mode.name()).collect::<Vec<_>>().join(", ");
    if name.is_empty() {
        let now = switch.choices().mode.unwrap_or_default();
        return format!("{}; there are {}", now.name(), names());
    }
    match Mode::from_name(name).filter(|mode| offered.contains(mode)) {
        Some(mode) => {
            switch.set_mode(mode);
            format!("the mode is {} now", mode.name())
        }
        None => format!("`{name}` is no mode that can be chosen here; there are {}", names()),
    }
}

fn tier(name: &str, switch: &Switch) -> String {
    let names = Tier::ALL.iter().map(|tier| tier.name()).collect::<Vec<_>>().join(", ");
    if name.is_empty() {
        let now = switch.choices().tier.unwrap_or_default();
        return format!("{}; there are {names}", now.name());
    }
    match Tier::from_name(name) {
        Some(tier) => {
            switch.set_tier(tier);
            format!("the tier is {} now", tier.name())
        }
        None => format!("`{name}` is no tier; there are {names}"),
    }
}

fn explained(records: &Records) -> String {
    let lines = records.explained.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.is_empty() {
        "nothing was decided yet".to_owned()
    } else {
        lines.join("\n")
    }
}

fn permissions(records: &Records) -> String {
    const NEWEST: usize = 5;
    let policy = placet_hook::policies::load_with(&records.places, &records.project, &records.policy);
    let mut text = match policy {
        Ok(policy) => placet_engine::policy::show(&policy).trim_end().to_owned(),
        Err(failure) => failure.reason(),
    };
    let refusals = memory(records).and_then(|memory| Ok(memory.state().map_err(said)?.refusals));
    for refusal in refusals.iter().flatten().rev().take(NEWEST) {
        let mark = if refusal.grantable {
            ""
        } else {
            " (nobody can approve it)"
        };
        text.push_str(&format!("\ndenied: {} by {}{mark}", refusal.what, refusal.rule));
    }
    text
}

fn audit(records: &Records) -> String {
    const NEWEST: usize = 12;
    let filter = Filter {
        session: Some(records.session.clone()),
        ..Filter::default()
    };
    match Reader::open(&records.log) {
        Ok(reader) => {
            let rows: Vec<String> = reader
                .only(filter)
                .flatten()
                .map(|entry| placet_audit::show::row(&entry, placet_audit::show::Style::Plain, 0))
                .collect();
            rows.get(rows.len().saturating_sub(NEWEST)..)
                .unwrap_or_default()
                .join("\n")
        }
        Err(error) => error.to_string(),
    }
}

/// Approves the last denial that a person may approve, once.
fn retry(records: &Records) -> Result<Reply, String> {
    const HOUR: u64 = 60 * 60;
    let memory = memory(records)?;
    let state = memory.state().map_err(said)?;
    let refusal = state.refusals.iter().rev().find(|refusal| refusal.grantable);
    let refusal = refusal.ok_or("nothing was denied that a person could approve")?;
    let grant = Entry::Granted {
        action: refusal.action.clone(),
        expires: (now() / 1000).saturating_add(HOUR),
    };
    for entry in [grant, Entry::Approved] {
        memory.append(&entry).map_err(said)?;
    }
    Ok(Reply::Send(format!(
        "I approved this, once; try it again, to the letter: {}",
        refusal.what
    )))
}

fn undo(records: &Records) -> Result<String, String> {
    let last = records.grants.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let Some((action, what)) = last else {
        return Err("no approval of this session can be taken back".to_owned());
    };
    let entry = Entry::TakenBack { action: action.text() };
    memory(records)?.append(&entry).map_err(said)?;
    Ok(format!(
        "taken back: {what}. A rule that was written stays in your policy file"
    ))
}

fn memory(records: &Records) -> Result<SessionMemory, String> {
    SessionMemory::open(&records.places.state, &records.session).map_err(said)
}

fn said(error: placet_facts::session::Error) -> String {
    error.to_string()
}
