//! The decisions of a replayed session as a table, or as JSON Lines.

use placet_engine::Decided;
use placet_model::{Decision, Tier, ToolCall, ToolInput};

use super::Row;
use super::recording::Message;
use crate::judging::Judging;
use crate::screen::{Ink, ink_of};
use crate::{Error, Screen, visible};

const RULE: usize = 24;
const TOOL: usize = 9;

/// What was shown so far.
pub(super) struct Table {
    name: String,
    /// Paths are shown relative to it.
    directory: String,
    setting: String,
    json: bool,
    allowed: usize,
    asked: usize,
    denied: usize,
}

impl Table {
    pub(super) fn new(name: &str, directory: &str, judging: &Judging, json: bool) -> Self {
        let tier = judging.tier.unwrap_or(judging.policy.settings().tier());
        Self {
            name: name.to_owned(),
            directory: format!("{}/", directory.trim_end_matches('/')),
            setting: setting(judging, tier),
            json,
            allowed: 0,
            asked: 0,
            denied: 0,
        }
    }

    pub(super) fn begin(&self, screen: &mut Screen<'_>) -> Result<(), Error> {
        if self.json {
            return Ok(());
        }
        let title = screen.paint(Ink::Bold, &format!("Session {}", visible::line(&self.name)));
        screen.line(format!("{title}  {}", screen.paint(Ink::Dim, &self.setting)))
    }

    pub(super) fn user_said(&self, text: &str, screen: &mut Screen<'_>) -> Result<(), Error> {
        if self.json {
            return Ok(());
        }
        screen.line("")?;
        let width = screen.width().saturating_sub(9);
        for (index, line) in crate::screen::wrap(&visible::line(text), width).into_iter().enumerate() {
            let label = if index == 0 { "user: " } else { "      " };
            let line = screen.paint(Ink::Accent, &format!("{label}{line}"));
            screen.line(format!("  {line}"))?;
        }
        screen.line("")
    }

    pub(super) fn row(
        &mut self,
        message: &Message,
        call: &ToolCall,
        decided: &Decided,
        screen: &mut Screen<'_>,
    ) -> Result<(), Error> {
        let verdict = &decided.verdict;
        let decision = verdict.decision();
        let count = match decision {
            Decision::Allow => &mut self.allowed,
            Decision::Ask => &mut self.asked,
            Decision::Deny => &mut self.denied,
        };
        *count = count.saturating_add(1);
        let text = text(call);
        if self.json {
            let row = Row {
                line: message.line,
                tool: &call.tool,
                text: &text,
                decision: decision.name(),
                rule: verdict.rule(),
                source: verdict.source().name(),
                reason: verdict.reason(),
                effects: decided
                    .trace
                    .analysis
                    .effects
                    .list
                    .iter()
                    .map(|effect| format!("{} {}", effect.verb.name(), effect.resource))
                    .collect(),
            };
            let text = serde_json::to_string(&row).map_err(|error| Error::Output(error.into()))?;
            return screen.line(text);
        }
        let word = screen.paint(ink_of(decision), &format!("{:<5}", word(decision)));
        let room = screen.width().saturating_sub(5 + 2 + TOOL + 2 + 2 + RULE + 2);
        let text = text.strip_prefix(&self.directory).unwrap_or(&text);
        let what = visible::cut(&visible::line(text), room);
        let rule = visible::cut(verdict.rule(), RULE);
        let tool = visible::cut(&visible::line(&call.tool), TOOL);
        let rule = screen.paint(Ink::Dim, &rule);
        screen.line(format!("  {word}  {tool:<TOOL$} {what:<room$}  {rule}").trim_end())?;
        if decision == Decision::Allow {
            return Ok(());
        }
        let Some(found) = verdict.matches().first() else {
            return Ok(());
        };
        let why = visible::line(&format!("would {}: {}", found.effect, found.reason));
        for line in crate::screen::wrap(&why, screen.width().saturating_sub(21)) {
            let line = screen.paint(Ink::Dim, &line);
            screen.line(format!("{:19}{line}", ""))?;
        }
        Ok(())
    }

    pub(super) fn unreadable(&self, line: usize, problem: &str, screen: &mut Screen<'_>) -> Result<(), Error> {
        let problem = visible::line(problem);
        if self.json {
            let text = serde_json::json!({ "line": line, "error": problem }).to_string();
            return screen.line(text);
        }
        let word = screen.paint(Ink::Bad, "line");
        screen.line(format!("  {word} {line} can't be read: {problem}"))
    }

    pub(super) fn end(&self, screen: &mut Screen<'_>) -> Result<(), Error> {
        if self.json {
            return Ok(());
        }
        let all = self.allowed.saturating_add(self.asked).saturating_add(self.denied);
        let part = |count: usize, ink: Ink, words: &str| screen.paint(ink, &format!("{count} {words}"));
        let text = format!(
            "{all} calls: {}, {}, {}.",
            part(self.allowed, Ink::Good, "went ahead"),
            part(self.asked, Ink::Doubt, "put to a person"),
            part(self.denied, Ink::Bad, "denied")
        );
        screen.line("")?;
        screen.line(format!("  {text}"))
    }
}

fn setting(judging: &Judging, tier: Tier) -> String {
    let there = if judging.attended { "" } else { ", nobody to ask" };
    format!("mode {}, tier {}, no judge{there}", judging.mode.name(), tier.name())
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allow",
        Decision::Ask => "ASK",
        Decision::Deny => "DENY",
    }
}

/// What the call is about, in one line.
fn text(call: &ToolCall) -> String {
    match &call.input {
        ToolInput::Shell { command, .. } => command.clone(),
        ToolInput::Read { path }
        | ToolInput::Write { path, .. }
        | ToolInput::Edit { path, .. }
        | ToolInput::Delete { path } => path.clone(),
        ToolInput::List { path, pattern } => [pattern, path]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" in "),
        ToolInput::Search { path, filter } => [filter, path]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" in "),
        ToolInput::Fetch { url } => url.clone(),
        ToolInput::WebSearch { query } => query.clone(),
        ToolInput::Spawn { prompt, .. } => prompt.clone(),
        ToolInput::Skill { name } => name.clone(),
        ToolInput::Other { arguments, .. } => arguments
            .iter()
            .map(|argument| format!("{}={}", argument.name, argument.value))
            .collect::<Vec<_>>()
            .join(" "),
        ToolInput::Internal => String::new(),
    }
}
