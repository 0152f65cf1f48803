//! The configuration keys by which a repository makes git run programs. Only names are known here; nothing is run.

/// Whether git would run something because of this key and value.
pub fn runs_program(key: &str, value: &str) -> bool {
    let (section, rest) = key.split_once('.').unwrap_or((key, ""));
    let name = rest.rsplit('.').next().unwrap_or(rest);
    match section {
        "alias" | "submodule" => value.trim_start().starts_with('!'),
        "browser" | "difftool" | "guitool" | "man" | "mergetool" => matches!(name, "cmd" | "path"),
        "core" => match name {
            "alternaterefscommand" | "askpass" | "editor" | "gitproxy" | "hookspath" | "pager" | "sshcommand" => true,
            "fsmonitor" => !matches!(
                value.to_ascii_lowercase().as_str(),
                "" | "true" | "yes" | "on" | "1" | "false" | "no" | "off" | "0"
            ),
            _ => false,
        },
        "credential" => name == "helper",
        "diff" => matches!(name, "external" | "command" | "textconv"),
        "filter" => matches!(name, "clean" | "smudge" | "process"),
        "gpg" => matches!(name, "program" | "defaultkeycommand"),
        "hook" => name == "command",
        "imap" => name == "tunnel",
        "init" => name == "templatedir",
        "interactive" => name == "difffilter",
        "merge" => name == "driver",
        "pager" => !matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "1" | "0"
        ),
        "remote" => match name {
            "receivepack" | "uploadpack" | "vcs" => true,
            "pushurl" | "url" => is_command_url(value),
            _ => false,
        },
        "sendemail" => name.ends_with("cmd") || (name == "smtpserver" && value.starts_with('/')),
        "sequence" => name == "editor",
        "tar" | "trailer" => matches!(name, "cmd" | "command"),
        "uploadpack" => name == "packobjectshook",
        "url" => is_command_url(rest),
        "protocol" => rest == "ext.allow" && value != "never",
        _ => false,
    }
}

/// A URL whose transport is a program: `ext::`, or another `name::address`.
fn is_command_url(url: &str) -> bool {
    url.split_once("::").is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::runs_program;

    #[test]
    fn keys_that_run_programs_are_known_and_their_neighbours_are_not() {
        for (key, value) in [
            ("core.fsmonitor", ".git/x.sh"),
            ("core.hookspath", ".husky"),
            ("core.sshcommand", "ssh -i k"),
            ("diff.external", "d"),
            ("diff.pdf.textconv", "pdftotext"),
            ("filter.lfs.process", "git-lfs filter-process"),
            ("alias.x", "!sh -c y"),
            ("credential.helper", "store"),
            ("credential.https://h.helper", "!x"),
            ("remote.origin.url", "ext::sh -c x"),
            ("submodule.a.update", "!x"),
            ("pager.log", "less"),
        ] {
            assert!(runs_program(key, value), "{key}={value}");
        }
        for (key, value) in [
            ("core.fsmonitor", "true"),
            ("core.bare", "false"),
            ("alias.st", "status -sb"),
            ("remote.origin.url", "https://h/x.git"),
            ("remote.origin.url", "git@h:x::y.git"),
            ("submodule.a.update", "rebase"),
            ("pager.log", "false"),
            ("merge.conflictstyle", "diff3"),
            ("user.name", "!x"),
        ] {
            assert!(!runs_program(key, value), "{key}={value}");
        }
    }
}
