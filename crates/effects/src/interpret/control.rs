//! Lists, pipelines and compound commands. How single commands are run is in `invoke`.

use std::rc::Rc;

use placet_model::Span;

use super::{Interpreter, Piped, restart};
use crate::syntax::tree::{Command, Compound, Connector, Item, Part, Pipeline, Quote, Word};
use crate::value::{Bound, Data, Piece, Value};

/// How many values of a `for` loop are followed one by one.
const FOLLOWED: usize = 24;

impl Interpreter<'_> {
    /// Runs a list of items in order.
    pub(crate) fn items(&mut self, items: &[Item]) {
        for item in items {
            if !self.step(item.span) {
                return;
            }
            if item.background {
                self.within(
                    |context| context.background = true,
                    |it| it.subshell(|it| it.item(item)),
                );
                self.state.set("!", Value::text("%child"));
            } else {
                self.item(item);
            }
            if self.state.diverted {
                // What follows may still run when the way here was conditional; only certain ends are marked.
                return;
            }
        }
    }

    fn item(&mut self, item: &Item) {
        self.pipeline(&item.first);
        if item.rest.is_empty() {
            return;
        }
        let written = self.state.written.clone();
        let mut sure = restart::succeeds(&item.first);
        for (connector, pipeline) in &item.rest {
            match connector {
                Connector::And => {
                    // `exit 0 && x`: nothing more runs, unless `exit` is not what it seems. Both readings hold.
                    self.state.diverted = false;
                    let before = self.state.clone();
                    self.within(|context| context.unsure |= !sure, |it| it.pipeline(pipeline));
                    sure &= restart::succeeds(pipeline);
                    if self.state.diverted {
                        self.state = before;
                    }
                }
                Connector::Or => {
                    let before = self.state.clone();
                    self.state.diverted = false;
                    self.maybe(|it| it.pipeline(pipeline));
                    let after = std::mem::replace(&mut self.state, before);
                    self.state.join(after);
                    sure |= restart::succeeds(pipeline);
                }
            }
        }
        // Behind `&&` it may not have been written.
        self.state.perhaps_not(written);
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        match pipeline.commands.as_slice() {
            [] => {}
            [command] => self.command(command),
            commands => {
                let mut data = self.stdin.clone();
                let last = commands.len() - 1;
                for (index, command) in commands.iter().enumerate() {
                    let piped = Piped {
                        reads: index > 0,
                        writes: index != last,
                    };
                    let output = self.subshell(|it| {
                        it.context.piped = piped;
                        it.with_stdin(data, |it| it.capture(|it| it.command(command)))
                    });
                    self.context.piped = Piped::default();
                    if index == last {
                        self.stdout.append(output);
                        return;
                    }
                    data = Data {
                        present: true,
                        ..output
                    };
                }
            }
        }
    }

    /// Runs one command of a pipeline.
    pub(crate) fn command(&mut self, command: &Command) {
        match command {
            Command::Simple(simple) => self.simple(simple),
            Command::Compound {
                body,
                redirections,
                span,
            } => {
                if redirections.is_empty() {
                    self.context.piped = Piped::default();
                    self.compound(body, *span);
                } else {
                    self.redirected(redirections, "", |it| it.compound(body, *span));
                }
            }
            Command::Function { name, body, .. } => {
                self.state.functions.insert(name.clone(), Rc::new((**body).clone()));
                self.defined(name);
            }
            Command::Opaque { reason, span } => self.opaque(reason, *span),
        }
    }

    fn compound(&mut self, body: &Compound, span: Span) {
        if !self.step(span) {
            return;
        }
        if self.context.posix && reads_otherwise_in_posix(body) {
            self.opaque("a shell of POSIX reads `((` and `[[` otherwise than bash", span);
        }
        match body {
            Compound::Arithmetic(parts) => {
                let _ = self.arithmetic(parts);
                self.arithmetic_assignments(parts);
            }
            Compound::Case { word, arms } => {
                let _ = self.value(word);
                let before = self.state.clone();
                for (patterns, body) in arms {
                    let after = std::mem::replace(&mut self.state, before.clone());
                    for pattern in patterns {
                        let _ = self.value(pattern);
                    }
                    self.maybe(|it| it.items(body));
                    self.state.join(after);
                }
            }
            Compound::Condition(words) => {
                let values: Vec<Value> = words.iter().map(|word| self.value(word)).collect();
                self.computed_condition(words, &values);
            }
            Compound::For { name, words, body } => self.for_loop(name, words.as_deref(), body, span),
            Compound::ForArithmetic { header, body } => {
                let _ = self.arithmetic(header);
                self.arithmetic_variables(header);
                self.looped(body);
            }
            Compound::Group(items) => self.items(items),
            Compound::If { arms, otherwise } => {
                let mut joined: Option<super::State> = None;
                for (condition, body) in arms {
                    self.items(condition);
                    let untaken = self.state.clone();
                    self.maybe(|it| it.items(body));
                    let taken = std::mem::replace(&mut self.state, untaken);
                    joined = Some(match joined {
                        None => taken,
                        Some(mut all) => {
                            all.join(taken);
                            all
                        }
                    });
                }
                if let Some(otherwise) = otherwise {
                    self.maybe(|it| it.items(otherwise));
                }
                if let Some(all) = joined {
                    self.state.join(all);
                }
            }
            Compound::Subshell(items) => self.subshell(|it| it.items(items)),
            Compound::While { condition, body, .. } => {
                self.items(condition);
                if self.loops_forever(condition) && self.starts_in_background(body) {
                    self.opaque("an endless loop that starts processes without waiting for them", span);
                }
                self.looped_with(condition, body);
            }
        }
    }

    fn for_loop(&mut self, name: &str, words: Option<&[Word]>, body: &[Item], span: Span) {
        let values: Vec<Value> = match words {
            Some(words) => {
                let args = self.words(words);
                args.into_iter()
                    .map(|arg| match (arg.many, arg.value.pieces.as_slice()) {
                        // `for f in $(…)`: each word of it.
                        (true, [Piece::Hole(_)]) | (false, _) => arg.value,
                        // A glob: each name looks like it.
                        (true, pieces) if pieces.iter().all(is_part_of_a_glob) => arg.value,
                        // `for f in $(find … -name '*.c')`: each of the names that were found.
                        (true, [Piece::Hole(Bound::Below(_) | Bound::Printed(_)), rest @ ..])
                            if rest.iter().all(is_part_of_a_glob) =>
                        {
                            arg.value
                        }
                        (true, _) => Value::hole(Bound::Any).tainted(arg.value.taint),
                    })
                    .collect()
            }
            None => match &self.state.positional {
                Some(all) => all.clone(),
                None => vec![Value::hole(Bound::Any)],
            },
        };
        if values.len() > FOLLOWED {
            let joined = values
                .iter()
                .skip(1)
                .fold(values.first().cloned().unwrap_or_default(), |all, one| all.join(one));
            self.set_variable(name, joined, span);
            self.looped(body);
            return;
        }
        let exact = values.iter().all(|value| value.known().is_some());
        for value in values {
            if !self.step(span) {
                return;
            }
            self.set_variable(name, value, span);
            if exact {
                self.items(body)
            } else {
                self.looped(body)
            }
            self.state.diverted = false;
        }
    }

    /// A body that may run any number of times: variables that change are unknown from the second time on.
    fn looped(&mut self, body: &[Item]) {
        self.looped_with(&[], body);
    }

    fn looped_with(&mut self, condition: &[Item], body: &[Item]) {
        let before = self.state.clone();
        let output = self.stdout.clone();
        self.quietly(|it| {
            it.items(body);
            it.items(condition);
        });
        self.stdout = output;
        let mut after = std::mem::replace(&mut self.state, before.clone());
        after.diverted = false;
        self.state.join(after);
        self.maybe(|it| it.items(body));
        self.state.diverted = false;
        self.items(condition);
        self.state.join(before);
    }

    /// Runs `inside` where it may not be reached.
    fn maybe(&mut self, inside: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.context.maybe, true);
        inside(self);
        self.context.maybe = outer;
    }

    fn loops_forever(&self, condition: &[Item]) -> bool {
        let [item] = condition else { return false };
        let [Command::Simple(simple)] = item.first.commands.as_slice() else {
            return false;
        };
        item.rest.is_empty()
            && simple.words.len() == 1
            && simple
                .words
                .first()
                .is_some_and(|word| matches!(plain(word), Some(":" | "true" | "/bin/true" | "/usr/bin/true")))
    }

    fn starts_in_background(&self, body: &[Item]) -> bool {
        let any = |names: &[&str]| {
            let waiting = body.iter().filter(|item| !item.background);
            waiting.into_iter().any(|item| is_one_of(&item.first, names))
        };
        // What is disowned is waited for by nobody.
        let waits = any(&["sleep", "break", "exit", "read"]) || (any(&["wait"]) && !any(&["disown"]));
        body.iter().any(|item| item.background) && !waits
    }
}

/// What a glob leaves of a word: known text without blanks and names. Other words may split anywhere.
fn is_part_of_a_glob(piece: &Piece) -> bool {
    match piece {
        Piece::Text(text) => !text.contains(char::is_whitespace),
        Piece::Hole(bound) => *bound == Bound::Name,
    }
}

/// The text of a word that is one unquoted literal.
pub(super) fn plain(word: &Word) -> Option<&str> {
    match word.parts.as_slice() {
        [crate::syntax::tree::Part::Literal { text, .. }] => Some(text),
        _ => None,
    }
}

fn is_one_of(pipeline: &Pipeline, names: &[&str]) -> bool {
    pipeline.commands.iter().any(|command| match command {
        Command::Simple(simple) => simple
            .words
            .first()
            .and_then(plain)
            .is_some_and(|name| names.contains(&name)),
        Command::Compound { .. } | Command::Function { .. } | Command::Opaque { .. } => false,
    })
}

/// `((` opens two subshells there, and `[[` is a command, whose operators are the shell's.
fn reads_otherwise_in_posix(body: &Compound) -> bool {
    match body {
        Compound::Arithmetic(_) => true,
        Compound::Condition(words) => words.iter().any(|word| {
            matches!(word.parts.as_slice(), [Part::Literal { text, quote: Quote::None }]
                if matches!(text.as_str(), "&&" | "||" | "<" | ">"))
        }),
        Compound::Case { .. }
        | Compound::For { .. }
        | Compound::ForArithmetic { .. }
        | Compound::Group(_)
        | Compound::If { .. }
        | Compound::Subshell(_)
        | Compound::While { .. } => false,
    }
}
