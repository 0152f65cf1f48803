//! What a change to a Maven `pom.xml` says: versions, dependencies and descriptions. Plugins, their settings and everything
//! else that the build obeys leave the doubt. Not an XML parser: what goes beyond plain elements with text is refused.

use super::Both;
use super::difference::difference;
use super::gradle::is_version;

/// Deeper nesting is not read.
const DEEPEST: usize = 24;

/// A part of the document in order: an element that begins, or one with its text.
#[derive(PartialEq)]
struct Part {
    path: String,
    /// `None` where further elements follow inside.
    text: Option<String>,
}

/// Whether everything that was changed is known to run nothing.
pub(super) fn harmless(both: &Both) -> bool {
    let read = |text: &str| {
        if both.fragment {
            // Where the lines stand is not known: dependencies are told by their own elements.
            parts(&format!("<fragment>{text}</fragment>"))
        } else {
            parts(text)
        }
    };
    let (Some(old), Some(new)) = (read(&both.old), read(&both.new)) else {
        return false;
    };
    difference(&old, &new).is_some_and(|difference| {
        difference
            .removed
            .iter()
            .chain(&difference.added)
            .all(|part| is_inert(part))
    })
}

fn is_inert(part: &Part) -> bool {
    let text = part.text.as_deref();
    let path = part.path.strip_prefix("project/").unwrap_or(&part.path);
    let path = path.strip_prefix("fragment/").unwrap_or(path);
    let path = path.strip_prefix("dependencyManagement/").unwrap_or(path);
    let path = path.strip_prefix("dependencies/").unwrap_or(path);
    if let Some(inner) = path.strip_prefix("dependency/").or_else(|| {
        // The list of a dependency that the fragment does not show the beginning of.
        path.starts_with("exclusions").then_some(path)
    }) {
        return match (inner, text) {
            ("groupId" | "artifactId" | "type" | "classifier", Some(text)) => is_name(text),
            ("version", Some(text)) => is_version(text) || is_property(text),
            ("scope", Some(text)) => matches!(text, "compile" | "runtime" | "test" | "provided" | "import"),
            ("optional", Some(text)) => matches!(text, "true" | "false"),
            ("exclusions" | "exclusions/exclusion", None) => true,
            ("exclusions/exclusion/groupId" | "exclusions/exclusion/artifactId", Some(text)) => {
                is_name(text) || text == "*"
            }
            _ => false,
        };
    }
    match (path, text) {
        ("project" | "fragment" | "dependencyManagement" | "dependencies" | "dependency", None) => true,
        ("properties" | "modules" | "licenses" | "developers", None) => true,
        ("modelVersion" | "version" | "parent/version", Some(text)) => is_version(text) || is_property(text),
        ("groupId" | "artifactId", Some(text)) => part.path.starts_with("project/") && is_name(text),
        ("name" | "description" | "url" | "inceptionYear", Some(_)) => true,
        ("packaging", Some(text)) => matches!(text, "jar" | "war" | "pom"),
        ("modules/module", Some(text)) => is_name(text),
        ("build/plugins/plugin/version" | "build/pluginManagement/plugins/plugin/version", Some(text)) => {
            is_version(text) || is_property(text)
        }
        (path, Some(text)) => path
            .strip_prefix("properties/")
            .is_some_and(|name| is_plain_property(name) && (is_version(text) || matches!(text, "UTF-8" | "utf-8"))),
        (_, None) => false,
    }
}

/// A property that no plugin takes for a command or for the decision whether to run.
fn is_plain_property(name: &str) -> bool {
    is_name(name)
        && (name.ends_with("ersion")
            || name.ends_with(".source")
            || name.ends_with(".target")
            || name.ends_with("ncoding")
            || name.ends_with(".release"))
}

fn is_property(text: &str) -> bool {
    text.strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(is_name)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.contains("..")
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// The parts of a document in order; `None` if it has anything but elements, text and comments.
fn parts(text: &str) -> Option<Vec<Part>> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    if rest.starts_with("<?xml") {
        rest = rest.split_once("?>")?.1;
    }
    let mut open: Vec<&str> = Vec::new();
    let mut out: Vec<Part> = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(end) = rest.strip_prefix("</") {
            let (name, after) = end.split_once('>')?;
            if open.pop()? != name.trim_end() {
                return None;
            }
            rest = after;
        } else if let Some(tag) = rest.strip_prefix('<') {
            let (inside, after) = tag.split_once('>')?;
            let (inside, empty) = inside
                .strip_suffix('/')
                .map_or((inside, false), |inside| (inside, true));
            let name = element(inside, open.is_empty())?;
            if open.len() >= DEEPEST {
                return None;
            }
            open.push(name);
            let path = open.join("/");
            rest = after;
            if empty {
                open.pop();
                out.push(Part {
                    path,
                    text: Some(String::new()),
                });
                continue;
            }
            let (content, _) = rest.split_once('<')?;
            let closes = rest.get(content.len()..)?.starts_with("</");
            if !closes && !content.trim().is_empty() {
                return None;
            }
            rest = rest.get(content.len()..)?;
            out.push(Part {
                path,
                text: closes.then(|| content.trim().to_owned()),
            });
        } else {
            // Text beside elements, or the end.
            return (rest.is_empty() && open.is_empty()).then_some(out);
        }
    }
}

/// The name in a tag. Attributes are the root's name spaces alone.
fn element(inside: &str, root: bool) -> Option<&str> {
    let inside = inside.trim_end();
    let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, attributes) = (inside.get(..end)?, inside.get(end..)?);
    let spaces = root
        && attributes
            .split_whitespace()
            .all(|word| word.starts_with("xmlns") || word.starts_with("xsi:") || word.starts_with("http"));
    (is_name(name) && (attributes.is_empty() || spaces)).then_some(name)
}
