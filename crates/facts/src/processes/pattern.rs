//! The patterns of `pkill`, as far as they are plain words: matched by hand, case ignored. What is left out makes the
//! matched set larger, never smaller; what is not understood is no pattern.

/// Longer patterns are not read.
const LONGEST: usize = 256;

/// An extended regular expression made of letters, `.`, `.*`, `.+`, anchors and alternatives.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    branches: Vec<Branch>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Branch {
    at_start: bool,
    at_end: bool,
    /// Between two of them may stand anything.
    parts: Vec<Vec<Element>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Byte(u8),
    Any,
}

impl Pattern {
    /// `None` if it is no pattern that can be matched here.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > LONGEST || !text.is_ascii() {
            return None;
        }
        let branches: Option<Vec<Branch>> = branches(text).into_iter().map(Branch::read).collect();
        Some(Self { branches: branches? })
    }

    /// Whether it matches somewhere in the text.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        let text = text.to_ascii_lowercase();
        self.branches.iter().any(|branch| branch.is_in(&text))
    }
}

/// The alternatives of a pattern without parentheses; an escaped bar is none.
fn branches(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut from, mut escaped) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'|' && !escaped {
            out.extend(text.get(from..at));
            from = at.saturating_add(1);
        }
        escaped = byte == b'\\' && !escaped;
    }
    out.extend(text.get(from..));
    out
}

impl Branch {
    fn read(text: &str) -> Option<Self> {
        let mut branch = Self::default();
        let mut part: Vec<Element> = Vec::new();
        let mut rest = text;
        if let Some(tail) = rest.strip_prefix('^') {
            branch.at_start = true;
            rest = tail;
        }
        while let Some(c) = rest.chars().next() {
            if rest == "$" {
                branch.at_end = true;
                break;
            }
            let (element, tail) = if let Some(tail) = rest.strip_prefix(".*") {
                branch.parts.push(std::mem::take(&mut part));
                rest = tail;
                continue;
            } else if let Some(tail) = rest.strip_prefix(".+") {
                part.push(Element::Any);
                branch.parts.push(std::mem::take(&mut part));
                rest = tail;
                continue;
            } else if let Some(tail) = rest.strip_prefix('.') {
                (Element::Any, tail)
            } else if let Some(tail) = rest.strip_prefix('\\') {
                let (literal, tail) = first(tail)?;
                (literal.is_ascii_punctuation().then_some(byte(literal)?)?, tail)
            } else if let Some(tail) = rest.strip_prefix('[') {
                // `[v]ite`: one letter in brackets is that letter.
                let (literal, tail) = first(tail)?;
                (
                    literal.is_ascii_alphanumeric().then_some(byte(literal)?)?,
                    tail.strip_prefix(']')?,
                )
            } else if is_plain(c) {
                (byte(c)?, rest.get(1..)?)
            } else {
                return None;
            };
            // What may be repeated or left out is not followed.
            if tail.starts_with(['*', '+', '?', '{']) {
                return None;
            }
            part.push(element);
            rest = tail;
        }
        branch.parts.push(part);
        // What matches everything says nothing.
        let says = branch.parts.iter().flatten().any(|element| *element != Element::Any);
        says.then_some(branch)
    }

    fn is_in(&self, text: &[u8]) -> bool {
        if text.is_ascii() {
            return is_in(self.at_start, self.at_end, &self.parts, text);
        }
        // One character may be several bytes: any byte may then be any number of them.
        let loose: Vec<Vec<Element>> = self
            .parts
            .iter()
            .flat_map(|part| part.split(|element| *element == Element::Any).map(<[Element]>::to_vec))
            .collect();
        is_in(self.at_start, self.at_end, &loose, text)
    }
}

/// Each part at the first place behind the one before; the last one at the end, if it has to be there.
fn is_in(at_start: bool, at_end: bool, parts: &[Vec<Element>], text: &[u8]) -> bool {
    let mut from = 0_usize;
    let last = parts.len().saturating_sub(1);
    for (index, part) in parts.iter().enumerate() {
        let (first, last) = (index == 0, index == last);
        let rest = text.get(from..).unwrap_or_default();
        let found = if last && at_end {
            let at = rest.len().checked_sub(part.len());
            at.filter(|at| !(first && at_start) || *at == 0)
                .filter(|at| rest.get(*at..).is_some_and(|tail| stands(part, tail)))
        } else if first && at_start {
            stands(part, rest).then_some(0)
        } else {
            (0..=rest.len()).find(|at| rest.get(*at..).is_some_and(|tail| stands(part, tail)))
        };
        match found {
            Some(at) => from = from.saturating_add(at).saturating_add(part.len()),
            None => return false,
        }
    }
    true
}

fn stands(part: &[Element], text: &[u8]) -> bool {
    part.len() <= text.len()
        && part.iter().zip(text).all(|(element, byte)| match element {
            Element::Byte(wanted) => wanted == byte,
            Element::Any => true,
        })
}

fn first(text: &str) -> Option<(char, &str)> {
    let mut characters = text.chars();
    characters.next().map(|c| (c, characters.as_str()))
}

fn byte(c: char) -> Option<Element> {
    u8::try_from(c)
        .ok()
        .map(|byte| Element::Byte(byte.to_ascii_lowercase()))
}

/// No sign of an extended regular expression.
fn is_plain(c: char) -> bool {
    (c.is_ascii_graphic() || c == ' ') && !"[](){}*+?|\\^$.".contains(c)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::read(pattern).unwrap().is_in(text.as_bytes())
    }

    #[test]
    fn words_match_anywhere_and_in_any_case() {
        assert!(matches("vite", "node /p/node_modules/.bin/Vite --port 3000"));
        assert!(matches("node .*vite", "node /p/node_modules/.bin/vite"));
        assert!(matches("server.js", "node src/server.js"));
        assert!(matches("server.js", "node src/server-js"));
        assert!(matches(r"server\.js", "node src/server.js") && !matches(r"server\.js", "node src/server-js"));
        assert!(matches("[v]ite|webpack", "webpack serve") && matches("[v]ite|webpack", "vite"));
        assert!(!matches("vite", "node server.js"));
    }

    #[test]
    fn anchors_hold_where_they_stand() {
        assert!(matches("^node", "node a") && !matches("^node", "/usr/bin/node a"));
        assert!(matches("a.js$", "node a.js") && !matches("a.js$", "node a.js --x"));
        assert!(matches("^node$", "node") && !matches("^node$", "node-red") && !matches("^node$", "a node"));
        assert!(matches("^a.*b$", "a b a b") && !matches("^a.*b$", "ab c"));
        assert!(matches("aab$", "aaab") && matches("x.*aab$", "xaaab"));
    }

    #[test]
    fn a_dot_stands_for_a_character_of_several_bytes() {
        assert!(matches("caf.-server", "node café-server") && !matches("caf.-server", "node cafe server"));
    }

    #[test]
    fn what_is_not_plain_is_no_pattern() {
        for odd in [
            "",
            ".",
            ".*",
            "^",
            "^.*$",
            "a|",
            "|a",
            "a*",
            "ab?c",
            "a+",
            "a{2}",
            "(a)",
            "[ab]",
            "[^a]",
            "[[:alpha:]]",
            r"\w",
            r"a\",
            "a^b",
            "a$b",
            "é",
            "a**",
            ".?",
        ] {
            assert_eq!(Pattern::read(odd), None, "{odd}");
        }
    }
}
