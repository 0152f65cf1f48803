//! Manifests with recipes: `package.json` scripts, Makefile and justfile recipes. Text to command lines, nothing else.

/// The command lines of a recipe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipe {
    /// What is handed to the shell.
    pub lines: Vec<String>,
    /// False if the target or a part of it was not found or not understood.
    pub complete: bool,
}

/// The script `name` of a `package.json`.
#[must_use]
pub fn script(text: &str, name: &str) -> Option<String> {
    scripts(text)?
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, command)| command)
}

/// All scripts of a `package.json`; none if it has no such member, `None` if it can't be read.
fn scripts(text: &str) -> Option<Vec<(String, String)>> {
    let Some(scripts) = object_at(text, "scripts")? else {
        return Some(Vec::new());
    };
    let mut reader = Json { text: scripts, at: 0 };
    let mut out = Vec::new();
    reader.expect('{')?;
    loop {
        reader.blanks();
        if reader.peek() == Some('}') {
            return Some(out);
        }
        let key = reader.string()?;
        reader.blanks();
        reader.expect(':')?;
        reader.blanks();
        out.push((key, reader.string()?));
        reader.blanks();
        if reader.expect(',').is_none() {
            return (reader.peek() == Some('}')).then_some(out);
        }
    }
}

/// The text of the object under a top-level key.
fn object_at<'t>(text: &'t str, wanted: &str) -> Option<Option<&'t str>> {
    let mut reader = Json { text, at: 0 };
    let mut found = None;
    reader.blanks();
    reader.expect('{')?;
    loop {
        reader.blanks();
        if reader.peek() == Some('}') {
            return Some(found);
        }
        let key = reader.string()?;
        reader.blanks();
        reader.expect(':')?;
        reader.blanks();
        let start = reader.at;
        reader.skip_value()?;
        if key == wanted {
            // Of two members with one name the last one counts.
            found = Some(text.get(start..reader.at)?);
        }
        reader.blanks();
        if reader.expect(',').is_none() {
            return (reader.peek() == Some('}')).then_some(found);
        }
    }
}

/// Just enough of a JSON reader to find a member without a dependency; anything unusual ends it.
struct Json<'t> {
    text: &'t str,
    at: usize,
}

impl Json<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|c| c.is_whitespace() || c == '\u{feff}') {
            self.next();
        }
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        (self.peek()? == wanted).then(|| {
            self.next();
        })
    }

    fn string(&mut self) -> Option<String> {
        self.expect('"')?;
        let mut out = String::new();
        loop {
            match self.next()? {
                '"' => return Some(out),
                '\\' => match self.next()? {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'b' => out.push('\u{8}'),
                    'f' => out.push('\u{c}'),
                    'u' => {
                        let digits = self.text.get(self.at..self.at + 4)?;
                        self.at += 4;
                        out.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?).unwrap_or('\u{fffd}'));
                    }
                    c => out.push(c),
                },
                c => out.push(c),
            }
        }
    }

    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0_u32;
        loop {
            match self.peek()? {
                '"' => {
                    self.string()?;
                }
                '{' | '[' => {
                    depth += 1;
                    self.next();
                }
                '}' | ']' if depth == 0 => return Some(()),
                '}' | ']' => {
                    depth -= 1;
                    self.next();
                }
                ',' if depth == 0 => return Some(()),
                _ => {
                    self.next();
                }
            }
            if depth == 0 && matches!(self.peek(), None | Some(',' | '}' | ']' | '\n')) {
                return Some(());
            }
        }
    }
}

/// The recipe lines of a target of a Makefile and of what it depends on; the first target if none is given.
#[must_use]
pub fn make_recipe(text: &str, target: Option<&str>) -> Recipe {
    recipe_of(text, target, |_| true)
}

/// What of it runs in a dry run: lines marked with `+`, and those that start make again.
#[must_use]
pub fn make_dry_run(text: &str, target: Option<&str>) -> Recipe {
    recipe_of(text, target, |line| {
        line.chars()
            .take_while(|c| matches!(c, '@' | '-' | '+' | ' ' | '\t'))
            .any(|c| c == '+')
            || line.contains("$(MAKE)")
            || line.contains("${MAKE}")
    })
}

fn recipe_of(text: &str, target: Option<&str>, runs: impl Fn(&str) -> bool) -> Recipe {
    let rules = make_rules(text);
    let first = rules
        .iter()
        .find(|rule| !rule.name.starts_with('.') && !rule.name.contains('%'));
    let Some(start) = target
        .map(str::to_owned)
        .or_else(|| first.map(|rule| rule.name.clone()))
    else {
        return Recipe::default();
    };
    let variables = make_variables(text);
    let mut recipe = Recipe {
        lines: Vec::new(),
        complete: !text.contains("\ninclude ")
            && !text.starts_with("include ")
            && !text.contains("$(shell")
            && !text.contains("$(eval"),
    };
    let mut todo = vec![start.clone()];
    let mut seen: Vec<String> = Vec::new();
    while let Some(name) = todo.pop() {
        if seen.contains(&name) || seen.len() > 64 {
            continue;
        }
        seen.push(name.clone());
        let mut found = false;
        for rule in rules.iter().filter(|rule| rule.name == name) {
            found = true;
            todo.extend(rule.needs.iter().cloned());
            for line in rule.lines.iter().filter(|line| runs(line)) {
                recipe.lines.push(expanded(
                    line.trim_start_matches(['@', '-', '+', ' ', '\t']),
                    &variables,
                    &name,
                ));
            }
        }
        if !found && name == start {
            recipe.complete = false;
        }
    }
    recipe
}

/// The lines of a Makefile, continuations joined.
#[must_use]
pub fn make_text_lines(text: &str) -> Vec<String> {
    joined(text)
}

/// Every recipe line of a Makefile as the shell would get it.
#[must_use]
pub fn make_lines(text: &str) -> Vec<String> {
    let variables = make_variables(text);
    let mut lines = Vec::new();
    for rule in make_rules(text) {
        for line in rule.lines {
            let line = line.trim_start_matches(['@', '-', '+', ' ', '\t']);
            lines.push(expanded(line, &variables, &rule.name));
        }
    }
    lines
}

struct Rule {
    name: String,
    needs: Vec<String>,
    lines: Vec<String>,
}

fn make_rules(text: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut open = 0..0;
    for line in joined(text) {
        if let Some(recipe) = line.strip_prefix('\t') {
            for rule in rules.get_mut(open.clone()).unwrap_or_default() {
                rule.lines.push(recipe.to_owned());
            }
            continue;
        }
        if line.trim().is_empty() || line.starts_with('#') || line.starts_with(' ') {
            continue;
        }
        let Some((names, rest)) = line.split_once(':') else {
            continue;
        };
        if rest.starts_with('=') || rest.starts_with(":=") || names.contains('=') {
            continue;
        }
        let rest = rest.trim_start_matches(':');
        let (needs, inline) = rest
            .split_once(';')
            .map_or((rest, None), |(needs, line)| (needs, Some(line)));
        let start = rules.len();
        for name in names.split_whitespace() {
            rules.push(Rule {
                name: name.to_owned(),
                needs: needs
                    .split('#')
                    .next()
                    .unwrap_or("")
                    .split_whitespace()
                    .filter(|need| *need != "|")
                    .map(str::to_owned)
                    .collect(),
                lines: inline.map(|line| line.trim().to_owned()).into_iter().collect(),
            });
        }
        open = start..rules.len();
    }
    rules
}

fn make_variables(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for line in joined(text) {
        if line.starts_with('\t') || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        let name = name
            .trim_end_matches([':', '?', '+', '!', ' ', '\t'])
            .trim()
            .trim_start_matches("export ")
            .trim();
        if !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        {
            out.push((
                name.to_owned(),
                value.split(" #").next().unwrap_or("").trim().to_owned(),
            ));
        }
    }
    out
}

/// `$(NAME)` and `${NAME}` replaced where the Makefile itself sets them, `$$` by `$`; the rest becomes a shell variable
/// that nothing is known of.
fn expanded(line: &str, variables: &[(String, String)], target: &str) -> String {
    let mut text = line.to_owned();
    for _ in 0..8 {
        let mut out = String::new();
        let mut rest = text.as_str();
        let mut changed = false;
        while let Some(at) = rest.find('$') {
            out.push_str(rest.get(..at).unwrap_or_default());
            let tail = rest.get(at + 1..).unwrap_or_default();
            let close = match tail.chars().next() {
                Some('(') => tail.find(')'),
                Some('{') => tail.find('}'),
                _ => None,
            };
            match (tail.chars().next(), close) {
                (Some('$'), _) => {
                    out.push('\u{1}');
                    rest = tail.get(1..).unwrap_or_default();
                }
                (Some('@'), _) => {
                    out.push_str(target);
                    rest = tail.get(1..).unwrap_or_default();
                }
                (Some(_), Some(end)) => {
                    let name = tail.get(1..end).unwrap_or_default();
                    match variables.iter().rev().find(|(known, _)| known == name) {
                        Some((_, value)) => {
                            out.push_str(value);
                            changed = true;
                        }
                        None if name == "MAKE" => out.push_str("make"),
                        None => out.push_str("\u{1}{MAKE_VARIABLE}"),
                    }
                    rest = tail.get(end + 1..).unwrap_or_default();
                }
                _ => {
                    out.push('\u{1}');
                    rest = tail;
                }
            }
        }
        out.push_str(rest);
        text = out;
        if !changed {
            break;
        }
    }
    text.replace('\u{1}', "$")
}

/// Lines with backslash continuations joined.
fn joined(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let (line, continues) = match line.strip_suffix('\\') {
            Some(head) => (head, true),
            None => (line, false),
        };
        match out.last_mut() {
            Some(last) if open => last.push_str(line.trim_start()),
            Some(_) | None => out.push(line.to_owned()),
        }
        open = continues;
    }
    out
}

/// The lines of a recipe of a justfile and of what it depends on; the first recipe if none is given.
#[must_use]
pub fn just_recipe(text: &str, target: Option<&str>) -> Recipe {
    let mut rules: Vec<Rule> = Vec::new();
    for line in joined(text) {
        if line.starts_with([' ', '\t']) {
            if let Some(rule) = rules.last_mut() {
                rule.lines.push(line.trim().to_owned());
            }
            continue;
        }
        if line.starts_with('#') || line.trim().is_empty() || line.starts_with("set ") || line.contains(":=") {
            continue;
        }
        if let Some((head, needs)) = line.split_once(':') {
            let name = head
                .split_whitespace()
                .next()
                .unwrap_or("")
                .trim_start_matches('@')
                .to_owned();
            let needs = needs
                .split('#')
                .next()
                .unwrap_or("")
                .split_whitespace()
                .filter(|need| *need != "&&")
                .map(|need| need.trim_matches(['(', ')']).to_owned())
                .collect();
            rules.push(Rule {
                name,
                needs,
                lines: Vec::new(),
            });
        }
    }
    let Some(start) = target
        .map(str::to_owned)
        .or_else(|| rules.first().map(|rule| rule.name.clone()))
    else {
        return Recipe::default();
    };
    let mut recipe = Recipe {
        lines: Vec::new(),
        complete: true,
    };
    let mut todo = vec![start.clone()];
    let mut seen: Vec<String> = Vec::new();
    while let Some(name) = todo.pop() {
        if seen.contains(&name) || seen.len() > 64 {
            continue;
        }
        seen.push(name.clone());
        match rules.iter().find(|rule| rule.name == name) {
            Some(rule) => {
                todo.extend(rule.needs.iter().cloned());
                if rule.lines.first().is_some_and(|line| line.starts_with("#!")) {
                    let shell = rule.lines.first().is_some_and(|line| line.ends_with("sh"));
                    recipe.complete &= shell;
                    if shell {
                        recipe.lines.push(rule.lines.get(1..).unwrap_or_default().join("\n"));
                    }
                    continue;
                }
                recipe.lines.extend(
                    rule.lines
                        .iter()
                        .map(|line| braces(line.trim_start_matches(['@', '-']))),
                );
            }
            None if name == start => recipe.complete = false,
            None => {}
        }
    }
    recipe
}

/// A line of a recipe as the shell would get it; `None` if just itself computes more than the value of a name for it.
#[must_use]
pub fn just_line(line: &str) -> Option<String> {
    let mut rest = line;
    while let Some((_, tail)) = rest.split_once("{{") {
        let (inner, after) = tail.split_once("}}")?;
        let plain = inner
            .trim()
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if !plain {
            return None;
        }
        rest = after;
    }
    Some(braces(line))
}

/// `{{ expression }}` becomes a variable that nothing is known of.
fn braces(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((head, tail)) = rest.split_once("{{") {
        out.push_str(head);
        out.push_str("${JUST_EXPRESSION}");
        rest = tail.split_once("}}").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}
