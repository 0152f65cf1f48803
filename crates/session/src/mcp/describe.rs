//! Servers in words: for a person, and what they say of themselves for the model.

use super::link::Phase;
use super::{Servers, Started, State, locked, names};

impl Servers {
    /// What servers say of themselves, marked as theirs.
    pub(crate) fn instructions(&self) -> String {
        let mut all = String::new();
        for server in &self.list {
            if let Some((_, _, offer)) = server.open()
                && !offer.instructions.trim().is_empty()
            {
                all.push_str(&format!(
                    "\nThe MCP server {} says of itself:\n",
                    server.configured.name
                ));
                for line in offer.instructions.lines() {
                    all.push_str(&format!("> {line}\n"));
                }
            }
        }
        all
    }

    /// What a person is told: each server, how far it is, what it offers, and why it is not there.
    pub(crate) fn describe(&self) -> String {
        if self.list.is_empty() {
            return "no MCP server is configured: `.mcp.json` in the project, `mcp.json` beside your policy file, or \
                    `--mcp-config FILE`"
                .to_owned();
        }
        let mut text = String::new();
        for server in &self.list {
            let name = &server.configured.name;
            let from = server.configured.file.display();
            let line = match &*locked(&server.state) {
                State::Waiting => "waits for your word; it is asked for with your next message".to_owned(),
                State::Refused { why, .. } => format!("is not started: {}", names::shown(why)),
                State::Started(started) => started.words(),
            };
            text.push_str(&format!("{name} ({from}) {line}\n"));
        }
        text.push_str(&format!(
            "What they say on standard error is in {}",
            self.logs.display()
        ));
        text
    }
}

impl Started {
    fn words(&self) -> String {
        match (self.link.phase(), &self.offer) {
            (Phase::Connecting, _) => "is being started".to_owned(),
            (Phase::Closed(why), _) => format!("is not there: {}", names::shown(&why)),
            (Phase::Open(listing, _), None) => {
                format!(
                    "is there ({}); its tools were not looked at yet",
                    names::shown(&listing.server)
                )
            }
            (Phase::Open(listing, _), Some((_, offer))) => {
                let mut text = format!("is there ({})", names::shown(&listing.server));
                for offered in &offer.tools {
                    text.push_str(&format!("\n  {}", offered.tool.name));
                }
                for what in &offer.withheld {
                    text.push_str(&format!("\n  {what}"));
                }
                text
            }
        }
    }
}
