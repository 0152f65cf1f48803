//! The JSON Schema of policy files, for editors, made from the table of keys.

use core::fmt::Write as _;

use placet_model::Verb;

use super::keys::{KEYS, Key, Kind};

/// The schema as text.
#[must_use]
pub fn schema() -> String {
    let mut text = String::from(
        "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"Placet policy\",\n",
    );
    table(&mut text, "", 2);
    text.push_str("}\n");
    text
}

fn table(text: &mut String, parent: &str, depth: usize) {
    let pad = " ".repeat(depth);
    let children: Vec<(&Key, &str)> = KEYS.iter().filter_map(|key| Some((key, child(key, parent)?))).collect();
    let any = children.iter().find(|(_, name)| *name == "*");
    let _ = write!(text, "{pad}\"type\": \"object\",\n{pad}\"additionalProperties\": ");
    match any {
        Some((key, _)) => {
            text.push_str("{\n");
            value(text, key, depth.saturating_add(2));
            let _ = write!(text, "\n{pad}}}");
        }
        None => text.push_str("false"),
    }
    let named: Vec<&(&Key, &str)> = children.iter().filter(|(_, name)| *name != "*").collect();
    if !named.is_empty() {
        let _ = write!(text, ",\n{pad}\"properties\": {{\n");
        for (index, (key, name)) in named.iter().enumerate() {
            let _ = writeln!(text, "{pad}  {}: {{", quoted(name));
            value(text, key, depth.saturating_add(4));
            let comma = if index.saturating_add(1) < named.len() { "," } else { "" };
            let _ = write!(text, "\n{pad}  }}{comma}\n");
        }
        let _ = write!(text, "{pad}}}");
    }
    text.push('\n');
}

/// The name of a key right below this one.
fn child<'a>(key: &'a Key, parent: &str) -> Option<&'a str> {
    let rest = if parent.is_empty() {
        key.path
    } else {
        key.path.strip_prefix(parent)?.strip_prefix('.')?
    };
    (!rest.contains(['.', '['])).then_some(rest)
}

fn value(text: &mut String, key: &Key, depth: usize) {
    let pad = " ".repeat(depth);
    let _ = writeln!(text, "{pad}\"description\": {},", quoted(key.words));
    let one_of = |words: &[&str]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
    let verbs = || one_of(&Verb::ALL.iter().map(|verb| verb.name()).collect::<Vec<_>>());
    let _ = match key.kind {
        Kind::Text => write!(text, "{pad}\"type\": \"string\""),
        Kind::Texts => write!(
            text,
            "{pad}\"type\": \"array\",\n{pad}\"items\": {{ \"type\": \"string\" }}"
        ),
        Kind::OneOf(words) => write!(text, "{pad}\"enum\": [{}]", one_of(words)),
        Kind::Effects => write!(
            text,
            "{pad}\"anyOf\": [{{ \"enum\": [{0}] }}, {{ \"type\": \"array\", \"items\": {{ \"enum\": [{0}] }} }}]",
            verbs()
        ),
        Kind::Count => write!(text, "{pad}\"type\": \"integer\",\n{pad}\"minimum\": 1"),
        Kind::Flag => write!(text, "{pad}\"type\": \"boolean\""),
        Kind::Table => {
            table(text, key.path, depth);
            trim_newline(text);
            Ok(())
        }
        Kind::Tables => {
            let _ = write!(text, "{pad}\"type\": \"array\",\n{pad}\"items\": {{\n");
            table(text, &format!("{}[]", key.path), depth.saturating_add(2));
            write!(text, "{pad}}}")
        }
    };
}

fn trim_newline(text: &mut String) {
    if text.ends_with('\n') {
        text.pop();
    }
}

fn quoted(word: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in word.chars() {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}
