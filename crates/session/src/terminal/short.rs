//! Paths for people: the home as `~`, so that what matters fits on a line. Only for what is shown.

/// Shortens.
#[derive(Clone, Debug)]
pub struct Short {
    home: String,
}

impl Short {
    /// For this home.
    #[must_use]
    pub fn new(home: &str) -> Self {
        Self {
            home: home.trim_end_matches('/').to_owned(),
        }
    }

    /// The text with `~` for the home, where a path begins with it.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let mut short = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(&self.home).filter(|_| !self.home.is_empty()) {
            let (before, found) = rest.split_at(at);
            let after = found.get(self.home.len()..).unwrap_or_default();
            let begins = |letter: char| !letter.is_alphanumeric() && !"/._-~".contains(letter);
            let ends = |letter: char| letter == '/' || begins(letter);
            short.push_str(before);
            let whole = short.chars().next_back().is_none_or(begins) && after.chars().next().is_none_or(ends);
            short.push_str(if whole { "~" } else { &self.home });
            rest = after;
        }
        short.push_str(rest);
        short
    }
}

#[cfg(test)]
mod tests {
    use super::Short;

    #[test]
    fn the_home_is_a_tilde_where_a_path_begins_with_it_and_nowhere_else() {
        let short = Short::new("/home/dev");
        assert_eq!(
            short.text("delete /home/dev/a and `/home/dev/b` in /home/dev"),
            "delete ~/a and `~/b` in ~"
        );
        for other in ["/srv/home/dev/a", "/home/developer", "/home/dev-2/a", "x/home/dev"] {
            assert_eq!(short.text(other), other);
        }
        assert_eq!(Short::new("").text("/a"), "/a");
    }
}
