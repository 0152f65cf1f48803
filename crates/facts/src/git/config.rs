//! Git's configuration files: keys and values in order, with what they include. Nothing that they name is run, and
//! which value counts is for the caller.

use crate::{disk, paths};

/// Keys with their values, in the order in which git reads them. Section and variable names are lower-case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config(Vec<(String, String)>);

/// No more than this is read of one file.
const FILE_LIMIT: u64 = 1 << 20;
/// No more files than this are read for one configuration.
const INCLUDE_LIMIT: usize = 12;

impl Config {
    /// Reads a file and all that it includes; conditions of includes are taken as true.
    pub fn read(file: &str, home: &str) -> Self {
        let mut config = Self::default();
        let mut left = INCLUDE_LIMIT;
        config.include(file, home, &mut left);
        config
    }

    /// Reads the text of one file; includes are kept as ordinary keys.
    pub fn parse(text: &str) -> Self {
        let mut config = Self::default();
        let mut section = String::new();
        let mut input = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
        while let Some(&next) = input.peek() {
            match next {
                '[' => {
                    input.next();
                    section = section_name(&mut input);
                }
                '#' | ';' => while input.next().is_some_and(|found| found != '\n') {},
                found if found.is_whitespace() => {
                    input.next();
                }
                _ => {
                    let mut name = String::new();
                    while let Some(found) = input.next_if(|&found| found.is_alphanumeric() || found == '-') {
                        name.push(found.to_ascii_lowercase());
                    }
                    while input.next_if(|&found| found == ' ' || found == '\t').is_some() {}
                    let value = if input.next_if_eq(&'=').is_some() {
                        value(&mut input)
                    } else {
                        "true".to_owned()
                    };
                    if name.is_empty() {
                        // No variable: go on after this line.
                        while input.next().is_some_and(|found| found != '\n') {}
                    } else {
                        config.0.push((format!("{section}.{name}"), value));
                    }
                }
            }
        }
        config
    }

    /// Adds what is read after this.
    pub fn extend(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    /// The last value of the key.
    pub fn last(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(found, _)| found == key)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the key's last value means yes.
    pub fn is_true(&self, key: &str) -> bool {
        self.last(key)
            .is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "1"))
    }

    /// Keys and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    fn include(&mut self, file: &str, home: &str, left: &mut usize) {
        let Some(fewer) = left.checked_sub(1) else { return };
        *left = fewer;
        let Some(text) = disk::read_text(file, FILE_LIMIT) else {
            return;
        };
        for (key, value) in Self::parse(&text).0 {
            let included = key == "include.path" || (key.starts_with("includeif.") && key.ends_with(".path"));
            let beside = paths::parent(file).unwrap_or("/");
            let target = included.then(|| paths::absolute(&value, beside, home));
            self.0.push((key, value));
            if let Some(target) = target {
                self.include(&target, home, left);
            }
        }
    }
}

type Input<'a> = core::iter::Peekable<core::str::Chars<'a>>;

/// `core` of `[core]`, `remote.origin` of `[remote "origin"]`; the bracket is taken already.
fn section_name(input: &mut Input<'_>) -> String {
    let mut name = String::new();
    while let Some(found) = input.next_if(|&found| found != '\n') {
        match found {
            ']' => break,
            '"' => {
                name.push('.');
                while let Some(found) = input.next_if(|&found| found != '\n') {
                    match found {
                        '"' => break,
                        '\\' => name.extend(input.next()),
                        found => name.push(found),
                    }
                }
            }
            found if found.is_whitespace() => {}
            found => name.push(found.to_ascii_lowercase()),
        }
    }
    name
}

/// The rest of the line, with quotes, escapes, comments and continued lines as git reads them.
fn value(input: &mut Input<'_>) -> String {
    let mut value = String::new();
    let mut blanks = String::new();
    let mut quoted = false;
    while let Some(found) = input.next() {
        match found {
            '\n' => break,
            '"' => {
                value.push_str(&core::mem::take(&mut blanks));
                quoted = !quoted;
            }
            '#' | ';' if !quoted => {
                while input.next().is_some_and(|found| found != '\n') {}
                break;
            }
            ' ' | '\t' | '\r' if !quoted => {
                if !value.is_empty() {
                    blanks.push(found);
                }
            }
            '\\' => {
                let escaped = match input.next() {
                    Some('\n') | None => continue,
                    Some('\r') => {
                        input.next_if_eq(&'\n');
                        continue;
                    }
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('b') => '\u{8}',
                    Some(other) => other,
                };
                value.push_str(&core::mem::take(&mut blanks));
                value.push(escaped);
            }
            found => {
                value.push_str(&core::mem::take(&mut blanks));
                value.push(found);
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn sections_names_and_values_are_read_as_git_reads_them() {
        let config = Config::parse(
            "# head\n[core]\n\tbare = false ; no\n\tfsMonitor\n[remote \"Origin\"] url = \"https://x/#y\"\n\
             [alias]\n\tlg = log \\\n\t  --graph\n\tq = \"a;b\" c # d\n[diff \"a\\\"b\"]\r\n\tcommand = e\\tf  \r\n",
        );
        let found: Vec<_> = config.iter().collect();
        assert_eq!(
            found,
            [
                ("core.bare", "false"),
                ("core.fsmonitor", "true"),
                ("remote.Origin.url", "https://x/#y"),
                ("alias.lg", "log \t  --graph"),
                ("alias.q", "a;b c"),
                ("diff.a\"b.command", "e\tf"),
            ]
        );
    }

    #[test]
    fn the_last_value_counts_and_broken_lines_are_passed_over() {
        let config = Config::parse("[a]\nx = 1\n= 2\n[a]\nx = no\ny = on\n[b");
        assert_eq!(config.last("a.x"), Some("no"));
        assert!(config.is_true("a.y") && !config.is_true("a.x") && !config.is_true("a.z"));
    }
}
