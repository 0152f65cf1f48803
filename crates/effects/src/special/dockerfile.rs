//! Dockerfiles that the session wrote: what a build takes from this machine and from the network. Its `RUN` lines run
//! inside the build, which is contained.

use placet_model::{Origin, Qualifiers, Resource, Span, Verb};

use crate::catalogue::table::PathRole;
use crate::interpret::{Call, Interpreter};
use crate::paths;
use crate::value::{Bound, Value};

/// Reads the file that the call names, or the usual one in the directory that is built.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let given = call.option(&["-f", "--file"]).and_then(|given| given.value.clone());
    let context = call
        .operands
        .first()
        .map_or_else(|| Value::text("."), |arg| arg.value.clone());
    let (text, origin) = match &given {
        Some(file) if file.known() == Some("-") => match stdin(it) {
            Some(text) => (text, Origin::Inline),
            None => return it.opaque("a Dockerfile that can't be told", file.span),
        },
        Some(file) => match it.text_of(&file.value) {
            Some(found) => found,
            None => return,
        },
        // `docker build -`: the file alone, or an archive.
        None if context.known() == Some("-") => match stdin(it) {
            Some(text) => (text, Origin::Inline),
            None => return,
        },
        None => {
            let mut file = context.clone();
            file.push_text("/Dockerfile");
            match it.text_of(&file) {
                Some(found) => found,
                None => return,
            }
        }
    };
    if origin == Origin::Project {
        return;
    }
    let outer = it.state.cwd.clone();
    it.state.cwd = paths::directory(&context, &it.state.cwd, it.facts);
    if instructions(it, &text, call.span, &call.name).is_none() {
        it.opaque("a Dockerfile that was not understood", call.span);
    }
    it.state.cwd = outer;
}

fn stdin(it: &Interpreter<'_>) -> Option<String> {
    it.stdin.text.as_ref().and_then(crate::interpret::readable)
}

fn instructions(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Option<()> {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut whole = line.trim().to_owned();
        if whole.is_empty() || whole.starts_with('#') {
            // Another reader, another escape: `# syntax=`, `# escape=`.
            let directive = whole.trim_start_matches('#').trim_start().to_ascii_lowercase();
            if directive.starts_with("escape=") {
                return None;
            }
            continue;
        }
        while let Some(joined) = whole.strip_suffix('\\') {
            let mut next = lines.next()?.trim();
            while next.starts_with('#') || next.is_empty() {
                next = lines.next()?.trim();
            }
            whole = format!("{joined} {next}");
        }
        let (word, rest) = whole.split_once(char::is_whitespace).unwrap_or((whole.as_str(), ""));
        let word = word.to_ascii_uppercase();
        let rest = rest.trim().to_owned();
        // Lines up to the word that ends a text in place.
        if matches!(word.as_str(), "RUN" | "COPY" | "ADD")
            && let Some((_, end)) = rest.split_once("<<")
        {
            let end: String = end
                .trim_start_matches('-')
                .trim_start_matches(['"', '\''])
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if end.is_empty() {
                return None;
            }
            loop {
                if lines.next()?.trim() == end {
                    break;
                }
            }
            if word == "RUN" {
                continue;
            }
        }
        match word.as_str() {
            "RUN" => {
                if flags(&rest).any(|flag| matches!(flag, "--security=insecure" | "--network=host")) {
                    let resource = Resource::Container {
                        image: Some("build".to_owned()),
                        privileged: true,
                    };
                    it.emit(Verb::ContainerRun, resource, Qualifiers::default(), span, by);
                }
            }
            "COPY" | "ADD" => taken(it, &rest, span, by)?,
            "FROM" | "ARG" | "ENV" | "WORKDIR" | "CMD" | "ENTRYPOINT" | "EXPOSE" | "LABEL" | "USER" | "VOLUME"
            | "STOPSIGNAL" | "HEALTHCHECK" | "SHELL" | "ONBUILD" | "MAINTAINER" => {}
            _ => return None,
        }
    }
    Some(())
}

fn flags(rest: &str) -> impl Iterator<Item = &str> {
    rest.split_whitespace().take_while(|word| word.starts_with("--"))
}

/// What `COPY` and `ADD` put into the image: files of the directory that is built, or an address.
fn taken(it: &mut Interpreter<'_>, rest: &str, span: Span, by: &str) -> Option<()> {
    if flags(rest).any(|flag| flag.starts_with("--from=")) {
        return Some(());
    }
    let words: Vec<String> = if rest.contains('[') {
        let list = rest.get(rest.find('[')?..)?;
        let leaves = placet_languages::document::json(list)?;
        leaves.into_iter().map(|leaf| leaf.value).collect()
    } else {
        let plain = rest.split_whitespace().skip_while(|word| word.starts_with("--"));
        plain.map(str::to_owned).collect()
    };
    let (_, sources) = words.split_last()?;
    for source in sources {
        if source.starts_with("http://") || source.starts_with("https://") || source.starts_with("git@") {
            let host = crate::interpret::host_of(&Value::text(source.as_str()));
            it.emit(Verb::Fetch, Resource::Host(host), Qualifiers::default(), span, by);
        } else if source.contains('$') {
            it.touch(PathRole::Read, &Value::hole(Bound::Relative), span, by, None);
        } else if !source.starts_with("<<") && !source.contains('*') {
            // An absolute path is below the directory that is built.
            let source = source.trim_start_matches('/');
            let source = if source.is_empty() { "." } else { source };
            it.touch(PathRole::Read, &Value::text(source), span, by, None);
        }
    }
    Some(())
}
