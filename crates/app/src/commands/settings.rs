//! `placet install` and `placet uninstall`: shows the change of the agent's settings and makes it.

use std::path::{Path, PathBuf};

use crate::check::real_project;
use crate::install::{self, Scope, SettingsChange};
use crate::judging::places;
use crate::screen::Ink;
use crate::{Error, Outcome, Screen, cli};

/// Puts the entries in.
pub(super) fn install(typed: &cli::Install, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let (scope, home, project) = surroundings(&typed.settings)?;
    let program = std::env::current_exe().map_err(Error::file("find", Path::new("placet")))?;
    let block_on = typed.block_on.as_deref();
    let change = install::install(&typed.settings.agent, scope, &home, &project, &program, block_on)?;
    let settings = &typed.settings;
    carry_out(
        &change,
        settings,
        "Placet is in place already; nothing to change.",
        screen,
    )?;
    if !settings.dry_run && !change.is_empty() {
        screen.line("Next: `placet doctor` checks that it fires. Running sessions notice it when they start anew.")?;
    }
    Ok(Outcome::Fine)
}

/// Takes them out.
pub(super) fn uninstall(typed: &cli::AgentSettings, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let (scope, home, project) = surroundings(typed)?;
    let change = install::uninstall(&typed.agent, scope, &home, &project)?;
    carry_out(
        &change,
        typed,
        "No entries of Placet are there; nothing to change.",
        screen,
    )?;
    Ok(Outcome::Fine)
}

fn surroundings(typed: &cli::AgentSettings) -> Result<(Scope, PathBuf, PathBuf), Error> {
    let scope = Scope::from_name(&typed.scope)
        .ok_or_else(|| Error::input(format!("unknown scope `{}`", typed.scope), "use user, project or local"))?;
    Ok((scope, PathBuf::from(places()?.home), PathBuf::from(real_project(None)?)))
}

fn carry_out(
    change: &SettingsChange,
    typed: &cli::AgentSettings,
    nothing: &str,
    screen: &mut Screen<'_>,
) -> Result<(), Error> {
    if change.is_empty() {
        screen.line(nothing)?;
    }
    for line in change.diff().lines() {
        let ink = match line.as_bytes().first() {
            Some(b'+') => Ink::Good,
            Some(b'-') => Ink::Bad,
            _ => Ink::Dim,
        };
        let line = screen.paint(ink, line);
        screen.line(line)?;
    }
    if !typed.dry_run {
        change.apply()?;
        if !change.is_empty() {
            screen.line(format!("wrote {}", change.path.display()))?;
        }
    }
    for note in &change.notes {
        screen.wrapped(0, &format!("note: {note}"))?;
    }
    Ok(())
}
