//! The exact rule that a person would add to allow an effect. It names the thing, never everything of its kind.

use placet_model::{Code, Effect, Origin, Paths, Resource};

/// The rule as TOML, where the effect names something that a rule can name.
pub(crate) fn rule(effect: &Effect, tool: &str) -> Option<String> {
    let mut conditions: Vec<(&str, String)> = Vec::new();
    match &effect.resource {
        Resource::Path(target) => match &target.paths {
            Paths::One(path) => conditions.push(("path", format!("/{path}"))),
            Paths::Below(directory) => conditions.push(("path", format!("/{}/**", directory.trim_end_matches('/')))),
            Paths::Unknown => return None,
        },
        Resource::Host(Some(host)) => conditions.push(("host", host.clone())),
        Resource::Ref { remote, branch } => {
            conditions.extend(remote.iter().map(|remote| ("remote", remote.clone())));
            conditions.extend(branch.iter().map(|branch| ("branch", branch.clone())));
        }
        Resource::Package { name: Some(name), .. } => conditions.push(("package", name.clone())),
        Resource::Container { image: Some(image), .. } => conditions.push(("name", image.clone())),
        Resource::Named(name) | Resource::Program(name) => conditions.push(("name", name.clone())),
        Resource::Code(code) if is_named(code) => conditions.push(("name", code.name.clone())),
        Resource::Package { name: None, .. } | Resource::Process(_) => {
            if effect.by.is_empty() {
                conditions.push(("tool", tool.to_owned()));
            } else {
                conditions.push(("program", effect.by.clone()));
            }
        }
        Resource::Host(None) | Resource::Container { image: None, .. } | Resource::Code(_) | Resource::Unknown => {
            return None;
        }
    }
    if conditions
        .iter()
        .any(|(_, value)| value.contains(['*', '?', '[', '\\', '\n', '\'']) && !value.ends_with("/**"))
    {
        return None;
    }
    let mut text = format!("[[rule]]\ndecision = 'allow'\neffect = '{}'", effect.verb.name());
    for (key, value) in conditions {
        text.push_str(&format!("\n{key} = '{value}'"));
    }
    if effect.qualifiers.force {
        text.push_str("\nforce = true");
    }
    Some(text)
}

/// Whether the name is that of the code. Of what is in no file, only its interpreter has one, and that runs anything.
fn is_named(code: &Code) -> bool {
    match code.origin {
        Origin::Inline | Origin::Downloaded | Origin::Undecodable | Origin::Dynamic => false,
        Origin::Project | Origin::Toolchain | Origin::Session | Origin::Outside => !code.name.is_empty(),
    }
}
