//! Effects as short text: the form that examples, rules and `explain` use. Display only.

use placet_model::{Effect, Facts, Paths, Resource};

/// `verb resource +flag`, with paths relative to the project (`./x`) or to home (`~/x`).
#[must_use]
pub fn effect(effect: &Effect, facts: &dyn Facts) -> String {
    let mut out = effect.verb.name().to_owned();
    out.push(' ');
    out.push_str(&resource(&effect.resource, facts));
    let qualifiers = &effect.qualifiers;
    for (set, name) in [
        (qualifiers.force, "force"),
        (qualifiers.sweep, "sweep"),
        (qualifiers.measured, "measured"),
        (qualifiers.elsewhere, "elsewhere"),
        (qualifiers.background, "background"),
        (qualifiers.kept, "kept"),
    ] {
        if set {
            out.push_str(" +");
            out.push_str(name);
        }
    }
    out
}

/// The resource as shown.
#[must_use]
pub fn resource(resource: &Resource, facts: &dyn Facts) -> String {
    match resource {
        Resource::Path(target) => match &target.paths {
            Paths::One(path) => short(path, facts),
            Paths::Below(dir) => match short(dir, facts).as_str() {
                "/" => "/**".to_owned(),
                dir => format!("{dir}/**"),
            },
            Paths::Unknown => "?".to_owned(),
        },
        Resource::Code(_)
        | Resource::Program(_)
        | Resource::Process(_)
        | Resource::Host(_)
        | Resource::Ref { .. }
        | Resource::Package { .. }
        | Resource::Container { .. }
        | Resource::Named(_)
        | Resource::Unknown => resource.to_string(),
    }
}

/// A path as a person would write it.
#[must_use]
pub fn short(path: &str, facts: &dyn Facts) -> String {
    let (project, home) = (facts.project(), facts.home());
    if path == project {
        return ".".to_owned();
    }
    if let Some(rest) = path.strip_prefix(project).and_then(|rest| rest.strip_prefix('/')) {
        return format!("./{rest}");
    }
    if path == home {
        return "~".to_owned();
    }
    if let Some(rest) = path.strip_prefix(home).and_then(|rest| rest.strip_prefix('/')) {
        return format!("~/{rest}");
    }
    path.to_owned()
}
