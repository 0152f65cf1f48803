//! What a call names of the world: a hint about where it works, for worlds that are not looked at. It decides nothing.

use placet_model::{Facts, Paths, Resource, ToolInput, Verb};

use crate::syntax::{self, tree, walk};

/// Paths that a call names, by what they are to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Files, or things of which it is not known whether they are files.
    pub files: Vec<String>,
    /// Directories it works in.
    pub directories: Vec<String>,
    /// Directories it looks into, and changes nothing in.
    pub looked: Vec<String>,
    /// Relative paths that begin with `..`, seen from the directory in which the call begins.
    pub climbs: Vec<String>,
}

/// What the call names, in its words and by its effects in a world of which only the facts given are known.
#[must_use]
pub fn named(tool: &str, input: &ToolInput, facts: &dyn Facts) -> Named {
    let mut named = Named::default();
    match input {
        // Without a slash nothing absolute is named, and `..` alone is told by its dots.
        ToolInput::Shell { command, .. } if !command.contains('/') && !command.contains("..") => return named,
        ToolInput::Shell { command, .. } => named.words(&syntax::parse(command)),
        ToolInput::Other { arguments, .. } => {
            let values = arguments.iter().map(|argument| &argument.value);
            let paths = values.filter(|value| value.starts_with('/') && !value.contains(char::is_whitespace));
            named.directories.extend(paths.cloned());
        }
        ToolInput::Read { .. }
        | ToolInput::Write { .. }
        | ToolInput::Edit { .. }
        | ToolInput::Delete { .. }
        | ToolInput::List { .. }
        | ToolInput::Search { .. }
        | ToolInput::Fetch { .. }
        | ToolInput::WebSearch { .. }
        | ToolInput::Spawn { .. }
        | ToolInput::Skill { .. }
        | ToolInput::Internal => {}
    }
    named.effects(tool, input, facts);
    named
}

impl Named {
    fn effects(&mut self, tool: &str, input: &ToolInput, facts: &dyn Facts) {
        let mut interpreter = crate::interpret::Interpreter::new(facts);
        crate::tools::apply(&mut interpreter, tool, input);
        let effects = interpreter.finish().effects.list;
        let targets = || {
            effects.iter().filter_map(|effect| match &effect.resource {
                Resource::Path(target) => Some((effect, target)),
                Resource::Code(_)
                | Resource::Program(_)
                | Resource::Process(_)
                | Resource::Host(_)
                | Resource::Ref { .. }
                | Resource::Package { .. }
                | Resource::Container { .. }
                | Resource::Named(_)
                | Resource::Unknown => None,
            })
        };
        let changed: Vec<&str> = targets()
            .filter(|(effect, _)| !effect.verb.only_reads())
            .filter_map(|(_, target)| target.paths.base())
            .collect();
        for (effect, target) in targets() {
            let (path, whole) = match &target.paths {
                Paths::One(path) => (path, effect.qualifiers.sweep || effect.verb == Verb::List),
                Paths::Below(path) => (path, true),
                Paths::Unknown => continue,
            };
            // A sweep may be of one file as well.
            let worked_in = whole && !effect.qualifiers.sweep;
            add(
                if worked_in {
                    &mut self.directories
                } else {
                    &mut self.files
                },
                path,
            );
            let directory = if whole {
                path
            } else {
                path.rsplit_once('/').map_or("", |(dir, _)| dir)
            };
            let top = format!("/{}", directory.split('/').nth(1).unwrap_or_default());
            if top.len() > 1 && !changed.iter().any(|path| crate::paths::within(path, &top)) {
                add(&mut self.looked, directory);
            }
        }
    }

    fn words(&mut self, script: &tree::Script) {
        // The names between the directory in which the call begins and the one it is in; `None`: it is not below any.
        let mut inside: Option<Vec<String>> = Some(Vec::new());
        for simple in walk::simple_commands(&script.items) {
            let mut words = simple.words.iter().map(beginning);
            let program = words.next().flatten();
            let changes_directory = program == Some("cd");
            if let Some(program) = program.filter(|word| word.starts_with('/')) {
                add(&mut self.files, program);
            }
            for word in words.flatten().filter(|word| !word.starts_with('-')) {
                if word.starts_with('/') && word.len() > 1 || word.starts_with("~/") {
                    add(
                        if changes_directory {
                            &mut self.directories
                        } else {
                            &mut self.files
                        },
                        word,
                    );
                    if changes_directory {
                        inside = None;
                    }
                } else if let Some(path) = inside.as_ref().map(|inside| joined(inside, word)) {
                    if path.first().is_some_and(|name| name == "..") && !word.contains(char::is_whitespace) {
                        add(&mut self.climbs, &path.join("/"));
                    }
                    if changes_directory {
                        inside = Some(path);
                    }
                }
            }
            for target in simple
                .redirections
                .iter()
                .filter_map(|redirection| beginning(&redirection.target))
            {
                let path = inside
                    .as_ref()
                    .filter(|_| !target.starts_with(['/', '~']))
                    .map(|inside| joined(inside, target));
                if let Some(path) = path.filter(|path| path.first().is_some_and(|name| name == "..")) {
                    add(&mut self.climbs, &path.join("/"));
                }
            }
        }
    }
}

fn add(list: &mut Vec<String>, path: &str) {
    if list.len() < 64 && !path.is_empty() && !list.iter().any(|known| known == path) {
        list.push(path.to_owned());
    }
}

/// The text with which a word begins. A quoted `~` is no home.
fn beginning(word: &tree::Word) -> Option<&str> {
    match word.parts.first() {
        Some(tree::Part::Literal { text, quote }) if *quote == tree::Quote::None || !text.starts_with('~') => {
            Some(text)
        }
        Some(
            tree::Part::Literal { .. }
            | tree::Part::Parameter(_)
            | tree::Part::Command { .. }
            | tree::Part::Arithmetic { .. }
            | tree::Part::Process { .. },
        )
        | None => None,
    }
}

/// A relative path seen from some directories further down; `..` that lead above where it began stay.
fn joined(inside: &[String], path: &str) -> Vec<String> {
    let mut names = inside.to_vec();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| last != "..") => {
                names.pop();
            }
            name => names.push(name.to_owned()),
        }
    }
    names
}
