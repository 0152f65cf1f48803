//! The line that is typed: text and a cursor. It may have several lines, by paste or Alt+Enter.

/// What is being typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    text: String,
    /// A byte position on a boundary of letters.
    cursor: usize,
    history: Vec<String>,
    /// Where in the history; none is the new line.
    at: Option<usize>,
}

impl Input {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    pub(super) fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    pub(super) fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.cursor = self.text.len();
    }

    pub(super) fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.text.insert_str(self.cursor, &text);
        self.cursor = self.cursor.saturating_add(text.len());
    }

    pub(super) fn backspace(&mut self) {
        if let Some((at, _)) = self.before().char_indices().next_back() {
            self.text.remove(at);
            self.cursor = at;
        }
    }

    pub(super) fn delete(&mut self) {
        if self.cursor < self.text.len() {
            self.text.remove(self.cursor);
        }
    }

    pub(super) fn left(&mut self) {
        self.cursor = self.before().char_indices().next_back().map_or(0, |(at, _)| at);
    }

    pub(super) fn right(&mut self) {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        let step = rest.chars().next().map_or(0, char::len_utf8);
        self.cursor = self.cursor.saturating_add(step);
    }

    pub(super) fn home(&mut self) {
        self.cursor = self.before().rfind('\n').map_or(0, |at| at.saturating_add(1));
    }

    pub(super) fn end(&mut self) {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        let step = rest.find('\n').unwrap_or(rest.len());
        self.cursor = self.cursor.saturating_add(step);
    }

    pub(super) fn clear(&mut self) {
        self.set("");
        self.at = None;
    }

    /// Takes what was typed.
    pub(super) fn take(&mut self) -> String {
        let text = core::mem::take(&mut self.text);
        self.clear();
        if !text.trim().is_empty() {
            self.history.push(text.clone());
        }
        text
    }

    /// An older line.
    pub(super) fn older(&mut self) {
        let at = self.at.unwrap_or(self.history.len()).checked_sub(1);
        if let Some(text) = at.and_then(|at| self.history.get(at)).cloned() {
            self.set(&text);
            self.at = at;
        }
    }

    /// A newer line.
    pub(super) fn newer(&mut self) {
        let next = self.at.map(|at| at.saturating_add(1));
        match next.and_then(|at| self.history.get(at)).cloned() {
            Some(text) => {
                self.set(&text);
                self.at = next;
            }
            None => self.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn letters_of_any_width_are_typed_moved_over_and_taken_back() {
        let mut input = Input::default();
        input.insert("a世界");
        input.left();
        input.insert("é");
        assert_eq!(input.text(), "a世é界");
        input.backspace();
        input.delete();
        assert_eq!((input.text(), input.before()), ("a世", "a世"));
        input.insert("\r\nnext");
        input.home();
        assert_eq!(input.before(), "a世\n");
        assert_eq!(input.take(), "a世\nnext");
        input.older();
        assert_eq!(input.text(), "a世\nnext");
        input.newer();
        assert_eq!(input.text(), "");
    }
}
