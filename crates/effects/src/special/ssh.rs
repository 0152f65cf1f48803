//! `ssh HOST COMMAND`: the command runs on another machine; options may run programs here.

use placet_model::{Origin, Qualifiers, Resource, Understood, Verb};

use crate::interpret::{Call, Interpreter};
use crate::value::Value;

/// Reads host, options and the remote command.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    for given in call.options.iter().filter(|given| given.opt.names.contains(&"-o")) {
        let Some(value) = &given.value else { continue };
        let text = value.value.prefix().to_ascii_lowercase();
        let name = text.split(['=', ' ']).next().unwrap_or("");
        if matches!(
            name,
            "proxycommand"
                | "localcommand"
                | "knownhostscommand"
                | "permitlocalcommand"
                | "pkcs11provider"
                | "securitykeyprovider"
                | "include"
                | "xauthlocation"
        ) {
            let command = value.value.skip(name.len() + 1).unwrap_or_default();
            match name {
                "proxycommand" | "localcommand" | "knownhostscommand" if command.known() != Some("none") => {
                    it.within(
                        |context| context.inner = true,
                        |it| it.shell_text(&command, value.span, "ssh"),
                    );
                }
                "proxycommand" | "permitlocalcommand" => {}
                _ => it.code(Origin::Outside, Understood::Not, name, value.span, "ssh"),
            }
        }
    }
    let Some((host, command)) = call.operands.split_first() else {
        return;
    };
    if host.value.prefix().starts_with('-') {
        it.opaque("a host that may be read as an option", host.span);
    }
    it.emit(
        Verb::RemoteShell,
        Resource::Host(crate::interpret::host_of(&host.value)),
        Qualifiers::default(),
        host.span,
        "ssh",
    );
    if command.is_empty() {
        return;
    }
    let mut line = Value::default();
    for (index, arg) in command.iter().enumerate() {
        if index > 0 {
            line.push_text(" ");
        }
        line.push(&arg.value);
    }
    it.within(
        |context| {
            context.inner = true;
            context.elsewhere = true;
        },
        |it| it.shell_text(&line, call.span, "ssh"),
    );
}
