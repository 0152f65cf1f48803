//! Programs that signal processes or print their numbers. Their options are no ordinary ones: a signal is an option, and so
//! is the number of a group.

use placet_model::{ProcessSet, Qualifiers, Resource, Span, Verb};

use crate::interpret::{Call, Given, Interpreter, named_processes};
use crate::special::listing;
use crate::value::{Arg, Bound, Data, Lines, Listing, Taint, Value};

/// Signals them, or says which numbers come out.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    match call.name.as_str() {
        "kill" | "gkill" => kill(it, call),
        "killall" => killall(it, call),
        "pkill" => pkill(it, call),
        "fuser" => fuser(it, call),
        "lsof" if call.has(&["-t"]) => print(it, opened(call)),
        // Who has what open, a line for each.
        "lsof" => list(
            it,
            opened(call).map(|set| Listing {
                set: Some(set),
                column: 2,
            }),
        ),
        "pgrep" | "gpgrep" | "pidof" => print(it, sought(call)),
        "ps" => list(it, listing::of_ps(call)),
        _ => {}
    }
}

fn signal(it: &mut Interpreter<'_>, call: &Call<'_>, set: ProcessSet, span: Span) {
    it.emit(
        Verb::Signal,
        Resource::Process(set),
        Qualifiers::default(),
        span,
        &call.name,
    );
}

/// Only numbers of these processes come out; if there is no such set, what comes out is not known.
fn print(it: &mut Interpreter<'_>, set: Option<ProcessSet>) {
    if let Some(set) = set {
        it.stdout
            .append(Data::words(Bound::Pids(Box::new(set)), Taint::default()));
    }
}

fn list(it: &mut Interpreter<'_>, listing: Option<Listing>) {
    if let Some(listing) = listing {
        let taint = Taint {
            data: true,
            ..Taint::default()
        };
        it.stdout.append(Data {
            listing: Some(Lines::Processes(listing)),
            ..Data::unknown(taint)
        });
    }
}

/// Whether one of the options that are not listed may be a bundle with this letter in it: signals are spelt in capitals.
fn may_bundle(call: &Call<'_>, letter: char) -> bool {
    call.ignored.iter().any(|(text, _)| text.contains(letter))
}

fn asks_nothing(value: Option<&Arg>) -> bool {
    value
        .and_then(Arg::known)
        .is_some_and(|signal| matches!(signal, "0" | "EXIT"))
}

/// `kill -9 812 -- -900`: what looks like an option behind the signal is the number of a group.
fn kill(it: &mut Interpreter<'_>, call: &Call<'_>) {
    if call.has(&["-l", "-L", "--list", "--table", "--help", "--version"]) {
        return;
    }
    let told = call.option(&["-s", "--signal", "-n"]);
    let (first, groups) = match (told, call.ignored.as_slice()) {
        (None, [first, groups @ ..]) => (Some(first.0.as_str()), groups),
        (_, groups) => (None, groups),
    };
    let harmless = match told {
        Some(told) => asks_nothing(told.value.as_ref()),
        None => first == Some("-0"),
    };
    if harmless {
        return;
    }
    if first == Some("-1") && call.operands.is_empty() && groups.is_empty() {
        signal(it, call, ProcessSet::All, call.span);
    }
    // `kill -$x` may be a signal with numbers behind it.
    let open = call.ignored.iter().any(|(text, _)| text == "-") || !call.doubts.is_empty();
    if open && call.operands.is_empty() {
        signal(it, call, ProcessSet::Pid("?".into()), call.span);
    }
    let is_number = |text: &str| text.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    for (group, span) in groups.iter().filter(|(text, _)| is_number(text)) {
        signal(it, call, named_processes(&Value::text(format!("pid {group}"))), *span);
    }
    for operand in &call.operands {
        let mut text = Value::text("pid ");
        text.push(&operand.value);
        signal(it, call, named_processes(&text), operand.span);
    }
}

fn killall(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let lists = ["-l", "--list", "-V", "--version", "--help"];
    if call.operands.is_empty() {
        if !call.has(&lists) {
            signal(it, call, ProcessSet::All, call.span);
        }
        return;
    }
    // The groups of what has the name hold more than that.
    let groups = call.has(&["-g", "--process-group"]) || may_bundle(call, 'g');
    for operand in &call.operands {
        let set = match operand.known() {
            // A path stands for every process that runs that file, whatever it is called.
            Some(name) if !groups && !name.contains('/') && !name.is_empty() => ProcessSet::Name(name.to_owned()),
            Some(_) | None => ProcessSet::All,
        };
        signal(it, call, set, operand.span);
    }
}

fn pkill(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let asks = call.has(&["-h", "-V", "--help", "--version"]) && call.operands.is_empty();
    let other_signal = |given: &Given| given.name != "-0" && !given.name.starts_with("--") && given.name.len() > 2;
    let alone = call.ignored.is_empty() && !call.has(&["-9", "-2"]) && !call.options.iter().any(other_signal);
    let none =
        call.has(&["-0"]) && alone || asks_nothing(call.option(&["--signal"]).and_then(|given| given.value.as_ref()));
    if asks || none {
        return;
    }
    let span = call.operands.first().map_or(call.span, |operand| operand.span);
    if let Some(given) = call.option(&["-F", "--pidfile"]) {
        let mut text = Value::text("pid ");
        match &given.value {
            Some(file) => text.push(&it.content(&file.value).substituted()),
            None => text.push(&Value::hole(Bound::Any)),
        }
        signal(it, call, named_processes(&text), call.span);
    }
    let set = match sought(call) {
        Some(set) => set,
        None if call.operands.is_empty() && call.has(&["-F", "--pidfile"]) => return,
        None if call.operands.is_empty() && call.has(&["-P", "--parent"]) => ProcessSet::Pid("?".into()),
        None => ProcessSet::All,
    };
    signal(it, call, set, span);
}

/// What `pkill` and `pgrep` mean by their words; `None` if that is not known, or is everything else.
fn sought(call: &Call<'_>) -> Option<ProcessSet> {
    let [operand] = call.operands.as_slice() else {
        return None;
    };
    // Other lines, or other words in a line, than one number.
    let odd = [
        "-l",
        "-a",
        "-c",
        "-d",
        "-w",
        "-q",
        "--list-name",
        "--list-full",
        "--count",
        "--delimiter",
        "--lightweight",
    ];
    let prints = call.name != "pkill";
    let inverse = call.has(&["-v", "--inverse"]) || may_bundle(call, 'v');
    let bundled = call
        .ignored
        .iter()
        .any(|(text, _)| text.contains(|c: char| c.is_ascii_lowercase()));
    if inverse || call.has(&["-F", "--pidfile"]) || prints && (bundled || call.has(&odd)) || operand.many {
        return None;
    }
    let text = operand.value.shown();
    // Whatever else hides in a bundle, it can't reach more than a whole line does.
    let whole_line = call.has(&["-f", "--full"]) || bundled || operand.known().is_none();
    // `pidof` takes a path for every process that runs the file.
    let by_path = call.name == "pidof" && text.contains('/');
    if by_path {
        None
    } else if whole_line {
        Some(ProcessSet::Pattern(text))
    } else {
        Some(ProcessSet::Name(text))
    }
}

fn fuser(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let kills = call.has(&["-k", "--kill"]);
    let space = call
        .option(&["-n", "--namespace"])
        .and_then(|given| given.value.as_ref())
        .and_then(Arg::known);
    let port = |operand: &Arg| {
        let text = operand.known()?;
        let number = match space {
            Some("tcp" | "udp") => text,
            Some(_) => return None,
            None => text.strip_suffix("/tcp").or_else(|| text.strip_suffix("/udp"))?,
        };
        number
            .parse()
            .ok()
            .map(|number| ProcessSet::Port { number, clients: false })
    };
    if kills {
        for operand in &call.operands {
            let set = port(operand).unwrap_or(ProcessSet::All);
            signal(it, call, set, operand.span);
        }
    }
    if let [operand] = call.operands.as_slice() {
        print(it, port(operand));
    }
}

/// `lsof -ti:3000`: who has to do with a port. Every further selection adds processes, unless it is one of these.
fn opened(call: &Call<'_>) -> Option<ProcessSet> {
    let plain = ["-t", "-i", "-n", "-P", "-s", "-w", "-l"];
    let read = call.doubts.is_empty() && call.ignored.is_empty();
    if !call.operands.is_empty() || !read || call.options.iter().any(|given| !plain.contains(&given.name)) {
        return None;
    }
    let mut addresses = call.options.iter().filter(|given| given.name == "-i");
    let address = addresses.next()?.value.as_ref().and_then(Arg::known)?;
    if addresses.next().is_some() {
        return None;
    }
    let listens = call
        .option(&["-s"])
        .and_then(|given| given.value.as_ref())
        .and_then(Arg::known)
        .is_some_and(|state| state.eq_ignore_ascii_case("tcp:listen"));
    let (protocol, port) = address.rsplit_once(':')?;
    let protocol = protocol.split('@').next().unwrap_or(protocol);
    let protocol = protocol.trim_start_matches(['4', '6']);
    (protocol.is_empty() || protocol.eq_ignore_ascii_case("tcp") || protocol.eq_ignore_ascii_case("udp"))
        .then_some(())?;
    let number = port.parse().ok()?;
    Some(ProcessSet::Port {
        number,
        clients: !listens,
    })
}
