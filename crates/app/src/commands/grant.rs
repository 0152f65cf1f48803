//! `placet grant` and `placet denials`: what was denied, and a person's approval of exactly that. Only at a terminal: an
//! approval that a program could give would be the agent's own.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use placet_facts::session::{Entry, Refusal, SessionMemory};
use placet_hook::Places;
use serde_json::json;

use super::preference::replace;
use super::trust::confirmed;
use crate::judging::{now, places};
use crate::screen::Ink;
use crate::{Error, Outcome, Screen, cli, visible};

/// How long a grant waits to be used.
const MINUTES: u64 = 60;
/// Letters of an action's name that are shown.
const NAME: usize = 10;

/// A denial, and the session that it belongs to.
struct Denial {
    memory: SessionMemory,
    refusal: Refusal,
}

/// Lists denials, the newest last.
pub(super) fn list(last: usize, json: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let all = denials()?;
    for denial in all.iter().skip(all.len().saturating_sub(last)) {
        let refusal = &denial.refusal;
        if json {
            let line = json!({
                "name": name(refusal), "action": refusal.action, "what": refusal.what, "rule": refusal.rule,
                "reason": refusal.reason, "time": refusal.time, "grantable": refusal.grantable && !refusal.cut,
            });
            screen.line(line.to_string())?;
            continue;
        }
        let mark = if refusal.grantable { Ink::Accent } else { Ink::Dim };
        let id = screen.paint(mark, name(refusal));
        screen.line(format!(
            "{id}  {}  {}",
            ago(refusal.time),
            visible::cut(&visible::line(&refusal.what), 100)
        ))?;
        let end = if refusal.grantable {
            ""
        } else {
            " (nobody can approve it)"
        };
        screen.wrapped(
            12,
            &visible::line(&format!("{}: {}{end}", refusal.rule, refusal.reason)),
        )?;
    }
    if !json {
        match all.last() {
            None => screen.line("nothing was denied")?,
            Some(_) => screen.line("`placet grant NAME` approves one of them, once")?,
        }
    }
    Ok(Outcome::Fine)
}

/// Approves one.
pub(super) fn run(typed: &cli::Grant, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    if !std::io::stdin().is_terminal() {
        return Err(Error::input(
            "approving takes a person at a terminal",
            "type `placet grant` in a terminal of your own",
        ));
    }
    let mut found: Vec<Denial> = denials()?;
    if typed.which == "last" {
        found = found.pop().into_iter().collect();
    } else {
        found.retain(|denial| typed.which.len() >= 4 && denial.refusal.action.starts_with(&typed.which));
        found.dedup_by(|later, earlier| later.refusal.action == earlier.refusal.action);
    }
    let denial = match (found.pop(), found.is_empty()) {
        (Some(denial), true) => denial,
        (Some(_), false) => return Err(Error::input("several denials have such a name", "give more of it")),
        (None, _) => return Err(Error::input("there is no such denial", "`placet denials` lists them")),
    };
    let refusal = &denial.refusal;
    let title = screen.paint(Ink::Bold, "This was denied:");
    screen.line(title)?;
    for line in refusal.what.lines() {
        screen.line(format!("  {}", visible::line(line)))?;
    }
    screen.wrapped(2, &visible::line(&format!("{}: {}", refusal.rule, refusal.reason)))?;
    if typed.always {
        return always(refusal, screen);
    }
    if !refusal.grantable {
        return Err(Error::input(
            format!("`{}` is not for anybody to approve", refusal.rule),
            "`placet explain` with its name says why",
        ));
    }
    if refusal.cut {
        return Err(Error::input(
            "it is too long to be shown as a whole, and what nobody has seen nobody can approve",
            "let the agent put it into a file of its own, and look at that",
        ));
    }
    let how_long = if typed.session {
        "as often as it comes up in that session".to_owned()
    } else {
        format!("once, within {MINUTES} minutes")
    };
    if !confirmed(&format!("Allow exactly this, {how_long}? [y/N] "), "", screen)? {
        screen.line("nothing was approved")?;
        return Ok(Outcome::Found);
    }
    let action = refusal.action.clone();
    let entry = if typed.session {
        Entry::GrantedForSession { action }
    } else {
        Entry::Granted {
            action,
            expires: (now() / 1000).saturating_add(MINUTES * 60),
        }
    };
    for entry in [entry, Entry::Approved, Entry::Answered] {
        denial.memory.append(&entry).map_err(broken)?;
    }
    screen.line("approved; let the agent try it again, to the letter")?;
    Ok(Outcome::Fine)
}

/// Writes the rule, which was shown first.
fn always(refusal: &Refusal, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let rule = refusal
        .would_allow
        .as_ref()
        .filter(|_| refusal.grantable)
        .ok_or_else(|| {
            Error::input(
                "there is no rule that would allow just this",
                "without `--always` it can be approved once, or for the session",
            )
        })?;
    let places = places()?;
    let path = policy_file(&places);
    screen.line(format!("This rule would go into {}:", path.display()))?;
    for line in rule.lines() {
        screen.line(format!("  {}", visible::line(line)))?;
    }
    if !confirmed("Allow this from now on? [y/N] ", "", screen)? {
        screen.line("nothing was written")?;
        return Ok(Outcome::Found);
    }
    write(&places, rule)?;
    screen.line("written")?;
    Ok(Outcome::Fine)
}

/// Writes a rule, which a person has seen, into the user's own policy file.
pub(super) fn write(places: &Places, rule: &str) -> Result<(), Error> {
    let path = policy_file(places);
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::file("read", &path)(error)),
    };
    let after = with_rule(&before, rule).map_err(|what| {
        Error::input(
            format!("`{}` would be no TOML: {what}", path.display()),
            "mend it; `placet policy lint` shows where",
        )
    })?;
    std::fs::create_dir_all(&places.config).map_err(Error::file("create", Path::new(&places.config)))?;
    replace(&path, &after)
}

fn policy_file(places: &Places) -> PathBuf {
    Path::new(&places.config).join("policy.toml")
}

/// The policy with the rule behind everything else.
fn with_rule(before: &str, rule: &str) -> Result<String, String> {
    let gap = match before.trim_end() {
        "" => "",
        _ if before.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let after = format!("{before}{gap}{}\n", rule.trim_end());
    after
        .parse::<toml_edit::DocumentMut>()
        .map(|_| after)
        .map_err(|error| error.message().to_owned())
}

/// Every denial that is remembered, the newest last.
fn denials() -> Result<Vec<Denial>, Error> {
    let state = places()?.state;
    let mut all = Vec::new();
    for memory in SessionMemory::all(&state).map_err(broken)? {
        for refusal in memory.state().map_err(broken)?.refusals {
            let memory = memory.clone();
            all.push(Denial { memory, refusal });
        }
    }
    all.sort_by_key(|denial| denial.refusal.time);
    Ok(all)
}

fn broken(error: placet_facts::session::Error) -> Error {
    placet_engine::Failure::BrokenState(error.to_string()).into()
}

fn name(refusal: &Refusal) -> &str {
    refusal.action.get(..NAME).unwrap_or(&refusal.action)
}

fn ago(time: u64) -> String {
    let minutes = now().saturating_sub(time) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1..=119 => format!("{minutes} min ago"),
        _ => format!("{} h ago", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::with_rule;

    #[test]
    fn the_rule_goes_behind_everything_else() {
        let rule = "[[rule]]\ndecision = 'allow'\neffect = 'push'";
        assert_eq!(with_rule("", rule).unwrap(), format!("{rule}\n"));
        assert_eq!(
            with_rule("tier = 'balanced'", rule).unwrap(),
            format!("tier = 'balanced'\n\n{rule}\n")
        );
        assert!(with_rule("tier = ", rule).is_err());
        assert!(with_rule("[rule]\nx = 1\n", rule).is_err());
    }
}
