//! `placet trust`: what in this project's policy files loosens something, and whether it counts. Pinned to the content.

use std::io::{self, BufRead, IsTerminal};

use placet_engine::policy::{loosens, show};
use placet_engine::{Policy, PolicyText, Scope};
use placet_hook::{policies, trust};

use crate::check::real_project;
use crate::judging::places;
use crate::screen::Ink;
use crate::{Error, Outcome, Screen, visible};

/// Trusts the files, or takes the trust back.
pub(super) fn run(revoke: bool, yes: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let places = places()?;
    let project = real_project(None)?;
    let files = places
        .policy_files(&project)
        .into_iter()
        .filter(|file| matches!(file.scope, Scope::Project | Scope::Local));
    let mut texts: Vec<PolicyText> = Vec::new();
    for file in files {
        if revoke {
            trust::distrust(&places, &file.path)?;
            continue;
        }
        let text = match std::fs::read_to_string(&file.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::file("read", &file.path)(error)),
        };
        let origin = file.path.to_string_lossy().into_owned();
        texts.push(PolicyText {
            origin,
            scope: file.scope,
            format: file.format,
            text,
            trusted: true,
        });
    }
    if revoke {
        screen.line(format!("allow rules of {project} no longer count"))?;
        return Ok(Outcome::Fine);
    }
    texts.retain(loosens);
    let mut open = Vec::new();
    for text in texts {
        if !trust::is_trusted(&places, text.origin.as_ref(), &text.text)? {
            open.push(text);
        }
    }
    if open.is_empty() {
        screen.line(format!(
            "nothing to trust: no policy file of {project} loosens anything that does not count already"
        ))?;
        return Ok(Outcome::Fine);
    }
    // Where the rules in force come from is what a person has to see: shown as the engine reads them, not as the file puts them.
    let title = screen.paint(Ink::Bold, "These files would loosen something:");
    screen.line(title)?;
    for text in &open {
        screen.line(format!("  {}", visible::line(&text.origin)))?;
        for line in show(&Policy::load(core::slice::from_ref(text), &[])).lines() {
            let ink = if line.starts_with("allow") || line.starts_with("tier") || line.contains("'allow'") {
                Ink::Doubt
            } else {
                Ink::Dim
            };
            let line = screen.paint(ink, &visible::line(line));
            screen.line(format!("    {line}"))?;
        }
    }
    if !yes
        && !confirmed(
            "Let them count? [y/N] ",
            "add `--yes` once you have read the files",
            screen,
        )?
    {
        screen.line("nothing was trusted")?;
        return Ok(Outcome::Found);
    }
    for text in &open {
        // The content that was shown is the content that is trusted, whatever the file holds by now.
        trust::trust(&places, text.origin.as_ref(), &text.text)?;
    }
    screen.line("trusted, as long as these files stay as they are")?;
    policies::load(&places, &project)?;
    Ok(Outcome::Fine)
}

/// Whether a person at this terminal says yes.
pub(super) fn confirmed(question: &str, otherwise: &str, screen: &mut Screen<'_>) -> Result<bool, Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::input("nobody is there to confirm", otherwise));
    }
    screen.text(question)?;
    screen.flush()?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(Error::file("read", "standard input".as_ref()))?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
