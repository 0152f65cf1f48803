//! Markdown as lines: headings, lists, code, emphasis. What it can't show as such is shown as it was written.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::view::Inks;
use super::wrap;

/// The lines of a text.
pub(super) fn lines(text: &str, width: usize, inks: Inks) -> Vec<Line<'static>> {
    let mut page = Page {
        lines: Vec::new(),
        pieces: Vec::new(),
        style: Style::default(),
        lists: Vec::new(),
        mark: String::new(),
        code: false,
        width,
        inks,
    };
    for event in Parser::new(text) {
        page.add(event);
    }
    page.flush();
    while page.lines.last().is_some_and(|line| line.width() == 0) {
        page.lines.pop();
    }
    page.lines
}

struct Page {
    lines: Vec<Line<'static>>,
    pieces: Vec<(String, Style)>,
    style: Style,
    /// The next number of each open list; none for bullets.
    lists: Vec<Option<u64>>,
    /// Stands before the next paragraph of a list.
    mark: String,
    code: bool,
    width: usize,
    inks: Inks,
}

impl Page {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not shown in a way of its own is shown as text"
    )]
    fn add(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Strong) => self.style = self.style.add_modifier(Modifier::BOLD),
            Event::End(TagEnd::Heading(_)) => {
                self.style = self.style.remove_modifier(Modifier::BOLD);
                self.block();
            }
            Event::End(TagEnd::Strong) => self.style = self.style.remove_modifier(Modifier::BOLD),
            Event::Start(Tag::Emphasis) => self.style = self.style.add_modifier(Modifier::ITALIC),
            Event::End(TagEnd::Emphasis) => self.style = self.style.remove_modifier(Modifier::ITALIC),
            Event::Start(Tag::CodeBlock(_)) => {
                self.flush();
                self.code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                self.code = false;
                self.lines.push(Line::default());
            }
            Event::Start(Tag::List(first)) => {
                self.flush();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.lines.push(Line::default());
                }
            }
            Event::Start(Tag::Item) => {
                let depth = self.lists.len().saturating_sub(1);
                self.mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{}{number}. ", "  ".repeat(depth));
                        *number = number.saturating_add(1);
                        mark
                    }
                    Some(None) | None => format!("{}• ", "  ".repeat(depth)),
                };
            }
            Event::End(TagEnd::Item) => self.flush(),
            Event::End(TagEnd::Paragraph) if self.lists.is_empty() => self.block(),
            Event::End(TagEnd::Paragraph) => self.flush(),
            Event::Text(text) if self.code => {
                for line in text.lines() {
                    self.lines.extend(wrap::wrapped(line, self.inks.code, self.width, "  "));
                }
            }
            Event::Text(text) => self.pieces.push((text.into_string(), self.style)),
            Event::Code(text) => self.pieces.push((text.into_string(), self.inks.code)),
            Event::Html(text) | Event::InlineHtml(text) => self.pieces.push((text.into_string(), self.style)),
            Event::SoftBreak => self.pieces.push((" ".to_owned(), self.style)),
            Event::HardBreak => self.flush(),
            Event::Rule => {
                self.flush();
                self.lines.push(Line::from("───"));
            }
            _ => {}
        }
    }

    /// A paragraph, and an empty line behind it.
    fn block(&mut self) {
        self.flush();
        self.lines.push(Line::default());
    }

    fn flush(&mut self) {
        if self.pieces.is_empty() {
            return;
        }
        let pieces = core::mem::take(&mut self.pieces);
        let mark = core::mem::take(&mut self.mark);
        let indent = " ".repeat(wrap::columns(&mark));
        let mut lines = wrap::spans(&pieces, self.width, &indent);
        if let Some(first) = lines.first_mut().and_then(|line| line.spans.first_mut())
            && !mark.is_empty()
        {
            first.content = mark.into();
        }
        self.lines.extend(lines);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_headings_lists_and_code() {
        let text = "# Title\n\nSome **bold** and `code`.\n\n- one\n- two\n  1. deep\n\n```sh\nls -l\n```\n";
        let lines: Vec<String> = lines(text, 40, Inks::plain()).iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                "Title",
                "",
                "Some bold and code.",
                "",
                "• one",
                "• two",
                "  1. deep",
                "",
                "  ls -l"
            ]
        );
    }
}
