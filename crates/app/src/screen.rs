//! Where commands write: colours if they are wanted, and how wide it is. It knows nothing of what is written.

use std::io::{self, IsTerminal, Write};

use clap::ColorChoice;
use placet_model::Decision;
use placet_session::terminal::Short;

use crate::Error;

/// The narrowest screen that is laid out for.
const NARROWEST: usize = 40;
/// The width where there is no terminal.
const USUAL: usize = 100;

/// The output of a command.
pub struct Screen<'a> {
    out: &'a mut dyn Write,
    colour: bool,
    width: usize,
    terminal: bool,
    short: Option<Short>,
}

/// What a piece of text is, as far as colours go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Bold,
    Dim,
    Good,
    Doubt,
    Bad,
    Accent,
}

impl<'a> Screen<'a> {
    /// Standard output as the environment describes it.
    #[must_use]
    pub fn of_terminal(out: &'a mut dyn Write, choice: ColorChoice) -> Self {
        let terminal = io::stdout().is_terminal();
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        let colour = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !unwanted,
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = if terminal { measured().or(columns) } else { columns };
        Self {
            out,
            colour,
            width: width.unwrap_or(USUAL).max(NARROWEST),
            terminal,
            short: None,
        }
    }

    /// A page of this width, without colours, with `~` for the home.
    #[must_use]
    pub(crate) fn page(out: &'a mut dyn Write, width: usize, home: &str) -> Self {
        Self {
            out,
            colour: false,
            width: width.max(NARROWEST),
            terminal: false,
            short: Some(Short::new(home)),
        }
    }

    /// Columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether a person looks at it.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether colours are wanted.
    #[must_use]
    pub fn has_colour(&self) -> bool {
        self.colour
    }

    /// The text in this ink.
    #[must_use]
    pub(crate) fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Good => "32",
            Ink::Doubt => "33",
            Ink::Bad => "1;31",
            Ink::Accent => "36",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// A line.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> Result<(), Error> {
        writeln!(self.out, "{}", text.as_ref())?;
        Ok(())
    }

    /// Text that brings its own line ends.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Error> {
        self.out.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Lines of text, broken between words, each behind this indentation.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn wrapped(&mut self, indent: usize, text: &str) -> Result<(), Error> {
        let text = match &self.short {
            Some(short) => short.text(text),
            None => text.to_owned(),
        };
        for line in wrap(&text, self.width.min(110).saturating_sub(indent)) {
            self.line(format!("{:indent$}{line}", ""))?;
        }
        Ok(())
    }

    /// For code that writes bytes.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        self.out
    }

    /// Writes out what is held back.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.out.flush()?;
        Ok(())
    }
}

/// The colour of a decision.
#[must_use]
pub(crate) fn ink_of(decision: Decision) -> Ink {
    match decision {
        Decision::Allow => Ink::Good,
        Decision::Ask => Ink::Doubt,
        Decision::Deny => Ink::Bad,
    }
}

/// The text in lines of at most this width, broken between words; a longer word stands alone.
#[must_use]
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let together = line
                .chars()
                .count()
                .saturating_add(word.chars().count())
                .saturating_add(1);
            if !line.is_empty() && together > width {
                lines.push(core::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn text_is_broken_between_words_only() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable x", 4), ["unbreakable", "x"]);
        assert_eq!(wrap("", 4), Vec::<String>::new());
        assert_eq!(wrap("a\nb", 4), ["a", "b"]);
    }
}
