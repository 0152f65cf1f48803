//! What is seen: transcript, question, line of work, input, footer. Drawn anew from the state each time.

use std::time::{Duration, Instant};

use placet_model::Mode;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Clear, Paragraph};

use super::input::Input;
use super::question::Pending;
use super::transcript::{Entry, Transcript};
use super::wrap;
use crate::gate::Switch;

/// Styles by what they mean. Without colours they differ by weight, and signs say the rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inks {
    pub(super) plain: Style,
    pub(super) bold: Style,
    pub(super) dim: Style,
    pub(super) good: Style,
    pub(super) doubt: Style,
    pub(super) bad: Style,
    pub(super) accent: Style,
    pub(super) code: Style,
}

impl Inks {
    pub(super) fn plain() -> Self {
        let plain = Style::new();
        Self {
            plain,
            bold: plain.add_modifier(Modifier::BOLD),
            dim: plain,
            good: plain,
            doubt: plain.add_modifier(Modifier::BOLD),
            bad: plain.add_modifier(Modifier::BOLD),
            accent: plain.add_modifier(Modifier::BOLD),
            code: plain,
        }
    }

    pub(super) fn coloured() -> Self {
        let colour = |colour| Style::new().fg(colour);
        Self {
            dim: colour(Color::DarkGray),
            good: colour(Color::Green),
            doubt: colour(Color::Yellow),
            bad: colour(Color::Red),
            accent: colour(Color::Cyan).add_modifier(Modifier::BOLD),
            code: colour(Color::Cyan),
            ..Self::plain()
        }
    }
}

/// All that is seen.
pub(super) struct View {
    pub(super) transcript: Transcript,
    pub(super) input: Input,
    pub(super) pending: Option<Pending>,
    pub(super) switch: Switch,
    pub(super) inks: Inks,
    /// Since when it works.
    pub(super) working: Option<Instant>,
    /// What it does just now.
    pub(super) doing: String,
    pub(super) denied: u32,
    pub(super) findings: u32,
    pub(super) tokens: u64,
    pub(super) cost: Option<u64>,
    /// Lines that the transcript is scrolled back.
    pub(super) back: usize,
    /// Ctrl+C was pressed once.
    pub(super) leaving: bool,
    /// What is typed is a command that was asked about.
    pub(super) editing: bool,
    /// Since when the question is on the screen.
    pub(super) asked_at: Option<Instant>,
    /// Something was typed before there was a question, or as it came. It is sent or cleared before anything answers.
    pub(super) ahead: bool,
    /// The newest entry is shown from its beginning, once.
    from_its_beginning: bool,
}

/// A question has to stand for so long before a key answers it: what is pressed sooner was meant for something else.
const STANDS: Duration = Duration::from_millis(400);

impl View {
    pub(super) fn new(switch: Switch, inks: Inks) -> Self {
        Self {
            transcript: Transcript::default(),
            input: Input::default(),
            pending: None,
            switch,
            inks,
            working: None,
            doing: String::new(),
            denied: 0,
            findings: 0,
            tokens: 0,
            cost: None,
            back: 0,
            leaving: false,
            editing: false,
            asked_at: None,
            ahead: false,
            from_its_beginning: false,
        }
    }

    /// Puts a question.
    pub(super) fn ask(&mut self, pending: Pending) {
        self.pending = Some(pending);
        self.asked_at = None;
        self.ahead = !self.input.text().is_empty();
        self.back = 0;
    }

    /// Whether what is pressed at this time can answer the question that stands, if one does.
    pub(super) fn takes_answers(&self, at: Instant) -> bool {
        let stood = |since: Instant| at.saturating_duration_since(since) >= STANDS;
        self.pending.is_some() && !self.ahead && self.asked_at.is_some_and(stood)
    }

    /// Shows an explanation from its beginning.
    pub(super) fn explain(&mut self, text: String) {
        if !self.transcript.ends_with(&text) {
            self.transcript.push(Entry::Note(text));
        }
        self.from_its_beginning = true;
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>) {
        let area = frame.area();
        if self.pending.is_some() {
            self.asked_at.get_or_insert_with(Instant::now);
        }
        let width = usize::from(area.width);
        let typed = wrap::wrapped(self.input.text(), self.inks.plain, width, "  ");
        let typed_height = typed.len().clamp(1, usize::from(area.height / 3).max(1));
        let height = |lines: usize| Constraint::Length(u16::try_from(lines).unwrap_or(u16::MAX));
        let room = usize::from(area.height).saturating_sub(typed_height.saturating_add(4));
        let ready = self.takes_answers(Instant::now());
        let question = self.pending.as_ref();
        let question = question.map_or_else(Vec::new, |pending| pending.lines(width, room, ready, self.inks));
        let [above, middle, rule, below, foot] = Layout::vertical([
            Constraint::Min(1),
            height(question.len()),
            Constraint::Length(1),
            height(typed_height),
            Constraint::Length(1),
        ])
        .areas(area);
        self.draw_transcript(frame, above);
        frame.render_widget(Clear, middle);
        frame.render_widget(Paragraph::new(Text::from(question)), middle);
        frame.render_widget(Paragraph::new(self.work_line(width)), rule);
        self.draw_input(frame, below, typed);
        frame.render_widget(Paragraph::new(self.footer(width)), foot);
    }

    fn draw_transcript(&mut self, frame: &mut Frame<'_>, area: Rect) {
        let room = usize::from(area.height);
        if core::mem::take(&mut self.from_its_beginning) {
            let last = self.transcript.last_height(usize::from(area.width), self.inks);
            self.back = last.saturating_sub(room);
        }
        let (lines, count) = self
            .transcript
            .lines(usize::from(area.width), room, self.back, self.inks);
        self.back = self.back.min(count.saturating_sub(room.min(count)));
        let mut area = area;
        let used = u16::try_from(lines.len()).unwrap_or(area.height).min(area.height);
        area.y = area.y.saturating_add(area.height.saturating_sub(used));
        area.height = used;
        frame.render_widget(Paragraph::new(Text::from(lines)), area);
    }

    fn draw_input(&self, frame: &mut Frame<'_>, area: Rect, mut lines: Vec<Line<'static>>) {
        if let Some(first) = lines.first_mut().and_then(|line| line.spans.first_mut()) {
            *first = Span::styled("> ", self.inks.accent);
        }
        let before = wrap::wrapped(self.input.before(), self.inks.plain, usize::from(area.width), "  ");
        let row = before.len().saturating_sub(1);
        let column = before.last().map_or(2, Line::width);
        let room = usize::from(area.height);
        let skipped = row.saturating_add(1).saturating_sub(room);
        let shown: Vec<Line<'static>> = lines.into_iter().skip(skipped).take(room).collect();
        frame.render_widget(Paragraph::new(Text::from(shown)), area);
        let at = |value: usize, most: u16| u16::try_from(value).unwrap_or(most).min(most);
        frame.set_cursor_position(Position {
            x: area.x.saturating_add(at(column, area.width.saturating_sub(1))),
            y: area
                .y
                .saturating_add(at(row.saturating_sub(skipped), area.height.saturating_sub(1))),
        });
    }

    fn work_line(&self, width: usize) -> Line<'static> {
        const SIGNS: [&str; 4] = ["◐", "◓", "◑", "◒"];
        const STOPS: &str = "  (Esc stops it)";
        let text = match self.working {
            _ if self.pending.is_some() && self.ahead => {
                "Send or clear (Ctrl+U) what you have typed, then answer".to_owned()
            }
            _ if self.back > 0 => format!("── {} lines further down (PageDown) ──", self.back),
            None => "─".repeat(width),
            Some(since) => {
                let elapsed = since.elapsed();
                let turn = usize::try_from(elapsed.as_millis() / 250).unwrap_or_default() % SIGNS.len();
                let sign = SIGNS.get(turn).copied().unwrap_or_default();
                let begin = format!("{sign} {} s  ", elapsed.as_secs());
                let room = width.saturating_sub(wrap::columns(&begin)).saturating_sub(STOPS.len());
                format!("{begin}{}{STOPS}", wrap::cut(&self.doing, room))
            }
        };
        Line::styled(wrap::cut(&text, width), self.inks.dim)
    }

    fn footer(&self, width: usize) -> Line<'static> {
        let choices = self.switch.choices();
        let mode = choices.mode.unwrap_or_default();
        let ink = match mode {
            Mode::BypassPermissions => self.inks.bad,
            Mode::Auto => self.inks.doubt,
            Mode::Plan => self.inks.accent,
            Mode::Default | Mode::AcceptEdits | Mode::DontAsk => self.inks.good,
        };
        if self.leaving {
            return Line::styled("Ctrl+C once more leaves the session; it can be resumed", self.inks.bold);
        }
        let mut rest = format!("  tier {}", choices.tier.unwrap_or_default().name());
        if self.denied > 0 {
            rest.push_str(&format!("  {} denied", self.denied));
        }
        if self.findings > 0 {
            rest.push_str(&format!("  {} suspicious", self.findings));
        }
        if self.tokens > 0 {
            rest.push_str(&format!("  {} tokens", self.tokens));
        }
        if let Some(cost) = self.cost {
            rest.push_str(&format!("  ${}.{:02}", cost / 1_000_000, cost % 1_000_000 / 10_000));
        }
        let name = mode.name();
        let room = width.saturating_sub(name.len());
        for hint in ["  Shift+Tab mode", "  /help"] {
            if rest.len().saturating_add(hint.len()) <= room {
                rest.push_str(hint);
            }
        }
        Line::from(vec![
            Span::styled(name, ink),
            Span::styled(rest.chars().take(room).collect::<String>(), self.inks.dim),
        ])
    }
}
