//! One text after another, lowest scope first, into one policy: lists merge, single values of higher scopes win, a deny
//! anywhere stays. What loosens counts only from a file that is sound and, if it comes with the project, trusted.

use placet_model::{Decision, Mode, Tier, Verb};

use super::effect_rule::EffectRule;
use super::grammar::{self, PathPattern, Specifier, ToolRule};
use super::ignore::Ignored;
use super::judge::{self, JudgeSettings};
use super::keys::{self, Key, Kind};
use super::rule::{Example, ExampleCall, Pattern, Rule};
use super::text::{Diagnostic, Format, Lines, PolicyText, Position, Scope, Severity};
use super::tree::{self, Node, Value};
use super::{Policy, State, ToolState};
use placet_patterns::IgnoreFile;

/// Adds a text to the policy.
pub(super) fn add(policy: &mut Policy, text: &PolicyText) {
    let lines = Lines::of(text);
    let (root, mut findings) = tree::read(text, &lines);
    let mut reader = Reader {
        text,
        lines: &lines,
        findings: Vec::new(),
    };
    reader.check_keys(&root, "", &keys::below(""));
    let mut parts = Parts::default();
    reader.permissions(&root, &mut parts);
    reader.rules(&root, &mut parts);
    reader.ignored(&root, &mut parts);
    reader.states(&root, &mut parts);
    let mut settings = reader.settings(&root);
    findings.extend(reader.findings);
    let sound = !findings.iter().any(|finding| finding.severity == Severity::Error);
    let trusted = text.trusted || !text.scope.comes_with_the_project();
    let may_loosen = sound && trusted;
    if !trusted && (parts.loosens() || settings.loosens(policy)) {
        findings.push(Diagnostic {
            severity: Severity::Warning,
            id: "untrusted-policy",
            at: lines.position(0),
            message: "what this file allows does not count: it comes with the project and is not trusted".to_owned(),
            help: Some("read it, then run `placet trust`".to_owned()),
        });
    }
    if text.scope.comes_with_the_project() && !settings.judge.is_empty() {
        findings.push(Diagnostic {
            severity: Severity::Warning,
            id: "judge-in-project",
            at: lines.position(0),
            message: "`judge` does not count in a file that comes with a project".to_owned(),
            help: Some("put it into your own policy file".to_owned()),
        });
    }
    if !may_loosen {
        parts.rules.retain(|rule| rule.decision != Decision::Allow);
    }
    if policy.rules.is_empty() {
        policy.rules = parts.rules;
    } else {
        policy.rules.append(&mut parts.rules);
    }
    for state in parts.states {
        add_state(policy, state, may_loosen);
    }
    if let Some(lines) = parts.ignored {
        policy.ignored.push(lines);
    }
    settings.apply(policy, text.scope, may_loosen);
    policy.findings.extend(findings);
}

/// A higher scope replaces a state, except a deny; what loosens needs to be allowed to.
fn add_state(policy: &mut Policy, state: ToolState, may_loosen: bool) {
    let strictness = |state: State| match state {
        State::Allow => 0,
        State::Auto => 1,
        State::Ask => 2,
        State::Deny => 3,
    };
    let old = policy.states.iter_mut().find(|old| old.tool == state.tool);
    let before = old.as_ref().map_or(State::Auto, |old| old.state);
    if before == State::Deny || (strictness(state.state) < strictness(before) && !may_loosen) {
        return;
    }
    match old {
        Some(old) => *old = state,
        None => policy.states.push(state),
    }
}

#[derive(Default)]
struct Parts {
    rules: Vec<Rule>,
    states: Vec<ToolState>,
    ignored: Option<Ignored>,
}

impl Parts {
    fn loosens(&self) -> bool {
        self.rules.iter().any(|rule| rule.decision == Decision::Allow)
            || self.states.iter().any(|state| state.state == State::Allow)
    }
}

/// Settings of one text, not yet weighed against those of lower scopes.
#[derive(Default)]
struct Proposed {
    mode: Option<Mode>,
    start_mode: Option<Mode>,
    tier: Option<Tier>,
    trusted_hosts: Vec<String>,
    directories: Vec<String>,
    environment: Vec<String>,
    probe_block_on: Option<String>,
    probe_second_opinion: Option<bool>,
    judge: JudgeSettings,
    in_a_row: Option<u32>,
    total: Option<u32>,
    auto_disabled: bool,
    bypass_disabled: bool,
}

/// Modes that never let anything go ahead that the mode `default` would not.
fn tightens(mode: Mode) -> bool {
    match mode {
        Mode::Default | Mode::Plan | Mode::DontAsk => true,
        Mode::AcceptEdits | Mode::Auto | Mode::BypassPermissions => false,
    }
}

impl Proposed {
    fn loosens(&self, policy: &Policy) -> bool {
        let limits = policy.settings.escalation();
        self.tier.is_some_and(|tier| tier < policy.settings.tier())
            || self.mode.or(self.start_mode).is_some_and(|mode| !tightens(mode))
            || self.in_a_row.is_some_and(|count| count > limits.in_a_row)
            || self.total.is_some_and(|count| count > limits.total)
            || !(self.trusted_hosts.is_empty() && self.directories.is_empty())
    }

    fn apply(&mut self, policy: &mut Policy, scope: Scope, may_loosen: bool) {
        let settings = &mut policy.settings;
        let project = scope.comes_with_the_project();
        let mode_counts =
            |mode: &Mode| tightens(*mode) || (may_loosen && !(project && *mode == Mode::BypassPermissions));
        settings.mode = self.mode.filter(mode_counts).or(settings.mode);
        settings.start_mode = self.start_mode.filter(mode_counts).or(settings.start_mode);
        let tier = settings.tier();
        settings.tier = self
            .tier
            .filter(|proposed| may_loosen || *proposed >= tier)
            .or(settings.tier);
        let limits = settings.escalation();
        let counts = |count: &u32, limit: u32| may_loosen || *count <= limit;
        settings.escalation_in_a_row = self
            .in_a_row
            .filter(|count| counts(count, limits.in_a_row))
            .or(settings.escalation_in_a_row);
        settings.escalation_total = self
            .total
            .filter(|count| counts(count, limits.total))
            .or(settings.escalation_total);
        // Withholding more is always in order; withholding less is for those who may loosen.
        let strictness = |level: &Option<String>| {
            ["high", "medium", "low"]
                .iter()
                .position(|known| level.as_deref() == Some(known))
        };
        if may_loosen && self.probe_block_on.is_some()
            || strictness(&self.probe_block_on) > strictness(&settings.probe_block_on)
        {
            settings.probe_block_on = self.probe_block_on.take();
        }
        settings.auto_disabled |= self.auto_disabled;
        settings.bypass_disabled |= self.bypass_disabled;
        if may_loosen {
            settings.trusted_hosts.append(&mut self.trusted_hosts);
            settings.directories.append(&mut self.directories);
        }
        // Prose reaches the judge, so it must not come with a repository.
        if !project {
            settings.environment.append(&mut self.environment);
            if may_loosen {
                settings.judge.overlay(core::mem::take(&mut self.judge));
                settings.probe_second_opinion = self.probe_second_opinion.unwrap_or(settings.probe_second_opinion);
            }
        }
    }
}

struct Reader<'a> {
    text: &'a PolicyText,
    lines: &'a Lines<'a>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn position(&self, at: usize) -> Position {
        self.lines.position(at)
    }

    fn find(&mut self, severity: Severity, id: &'static str, at: usize, message: String, help: Option<String>) {
        let at = self.position(at);
        self.findings.push(Diagnostic {
            severity,
            id,
            at,
            message,
            help,
        });
    }

    /// The directory that `/x` is relative to, for files that are not the project's.
    fn base(&self) -> Option<&str> {
        match self.text.scope {
            Scope::User => self.text.origin.rsplit_once('/').map(|(directory, _)| directory),
            Scope::Shipped | Scope::Project | Scope::Local | Scope::CommandLine | Scope::Managed => None,
        }
    }

    fn strictly(&self) -> Severity {
        match self.text.format {
            Format::PlacetToml => Severity::Error,
            Format::ClaudeSettings | Format::ClaudePolicy => Severity::Warning,
        }
    }

    /// Unknown keys and values of the wrong kind. An agent's own settings hold much that is not ours.
    /// `known` is what may stand below `parent`: found once for all items of a list, since this is done in every call.
    fn check_keys(&mut self, table: &Node<'_>, parent: &str, known: &[(&str, &'static Key)]) {
        if self.text.format == Format::ClaudeSettings {
            return;
        }
        for entry in table.entries() {
            let Some(key) = keys::find(known, &entry.key) else {
                let lenient = self.text.format == Format::ClaudePolicy && is_of_claude(parent, &entry.key);
                if !lenient {
                    let help =
                        keys::nearest(&entry.key, keys::names_in(parent)).map(|near| format!("did you mean `{near}`?"));
                    let place = if parent.is_empty() {
                        String::new()
                    } else {
                        format!(" in `{parent}`")
                    };
                    self.find(
                        self.strictly(),
                        "unknown-key",
                        entry.at,
                        format!("unknown key `{}`{place}", entry.key),
                        help,
                    );
                }
                continue;
            };
            self.check_kind(key.kind, &entry.node, &entry.key);
            match (&entry.node.value, key.kind) {
                (Value::Table(_), Kind::Table) => self.check_keys(&entry.node, key.path, &keys::below(key.path)),
                (Value::List(items), Kind::Tables) => {
                    let path = format!("{}[]", key.path);
                    let known = keys::below(&path);
                    for item in items {
                        self.check_keys(item, &path, &known);
                    }
                }
                _ => {}
            }
        }
    }

    fn check_kind(&mut self, kind: Kind, node: &Node<'_>, name: &str) {
        let texts = |items: &[Node<'_>]| items.iter().all(|item| item.text().is_some());
        let wrong = match (kind, &node.value) {
            (Kind::Text | Kind::Effects, Value::Text(_))
            | (Kind::Flag, Value::Bool(_))
            | (Kind::Table, Value::Table(_)) => None,
            (Kind::Texts | Kind::Effects, Value::List(items)) if texts(items) => None,
            (Kind::Tables, Value::List(items)) if items.iter().all(|item| matches!(item.value, Value::Table(_))) => {
                None
            }
            (Kind::Count, Value::Number(count)) if *count >= 1 && u32::try_from(*count).is_ok() => None,
            (Kind::OneOf(words), Value::Text(text)) if words.contains(&&**text) => None,
            (Kind::OneOf(words), Value::Text(text)) => {
                let help = keys::nearest(text, words.iter().copied()).map_or_else(
                    || format!("one of {}", words.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.find(
                    Severity::Error,
                    "unknown-value",
                    node.at,
                    format!("`{name}` can't be `{text}`"),
                    Some(help),
                );
                None
            }
            (Kind::Text, _) => Some("text"),
            (Kind::OneOf(_), _) => Some("one of a few words"),
            (Kind::Effects, _) => Some("text or a list of texts"),
            (Kind::Texts, _) => Some("a list of texts"),
            (Kind::Count, _) => Some("a whole number of at least 1"),
            (Kind::Flag, _) => Some("true or false"),
            (Kind::Table, _) => Some("a table"),
            (Kind::Tables, _) => Some("a list of tables"),
        };
        if let Some(expected) = wrong {
            let message = format!("`{name}` must be {expected}, found {}", node.kind());
            self.find(Severity::Error, "wrong-kind", node.at, message, None);
        }
    }

    fn permissions(&mut self, root: &Node<'_>, parts: &mut Parts) {
        let Some(permissions) = root.get("permissions") else {
            return;
        };
        for (name, decision) in [
            ("deny", Decision::Deny),
            ("ask", Decision::Ask),
            ("allow", Decision::Allow),
        ] {
            let Some(node) = permissions.get(name) else { continue };
            let Value::List(items) = &node.value else {
                if decision != Decision::Allow {
                    let message = format!("`permissions.{name}` must be a list of rules, found {}", node.kind());
                    self.find(Severity::Error, "wrong-kind", node.at, message, None);
                    parts.rules.push(self.one_line("*", decision, node.at, whole()));
                }
                continue;
            };
            for item in items {
                let written = item.text().unwrap_or_default();
                match grammar::parse(written, decision, self.base()) {
                    Ok(rule) => {
                        self.worth_knowing(&rule, decision, item.at, written);
                        parts.rules.push(self.one_line(written, decision, item.at, rule));
                    }
                    Err(unreadable) => {
                        let severity = if decision == Decision::Allow {
                            self.strictly()
                        } else {
                            Severity::Error
                        };
                        let help = unreadable.help.or_else(|| {
                            (decision != Decision::Allow)
                                .then(|| "until it is fixed, it holds for all that can be read of it".to_owned())
                        });
                        self.find(severity, "unreadable-rule", item.at, unreadable.message, help);
                        if decision != Decision::Allow {
                            parts
                                .rules
                                .push(self.one_line(written, decision, item.at, unreadable.rest));
                        }
                    }
                }
            }
        }
    }

    /// Rules that work otherwise than a reader might think.
    fn worth_knowing(&mut self, rule: &ToolRule, decision: Decision, at: usize, written: &str) {
        let broad = match &rule.specifier {
            Specifier::Any => {
                decision == Decision::Allow
                    && matches!(rule.tool.as_str(), "Bash" | "PowerShell" | "Shell" | "Agent" | "Task")
            }
            Specifier::Command(pattern) => decision == Decision::Allow && pattern.names_nothing(),
            Specifier::Path(_) | Specifier::Domain(_) | Specifier::Parameter { .. } | Specifier::Name(_) => false,
        };
        if broad {
            let message = format!("`{written}` names nothing in particular: the mode auto sets it aside");
            self.find(
                Severity::Warning,
                "broad-allow",
                at,
                message,
                Some("name the command, or use an effect rule".to_owned()),
            );
        }
        if let (Specifier::Command(pattern), Decision::Allow) = (&rule.specifier, decision)
            && pattern.parts.len() > 1
        {
            let message = format!("`{written}` can't allow anything: every command of a line is allowed by itself");
            self.find(
                Severity::Warning,
                "compound-allow",
                at,
                message,
                Some("write one rule for each command".to_owned()),
            );
        }
    }

    fn one_line(&self, written: &str, decision: Decision, at: usize, rule: ToolRule) -> Rule {
        Rule {
            decision,
            id: if written.is_empty() {
                format!("{}-unreadable", decision.name())
            } else {
                written.to_owned()
            },
            text: format!("{} {written}", decision.name()),
            at: self.position(at),
            scope: self.text.scope,
            why: None,
            instead: None,
            examples: Vec::new(),
            pattern: Pattern::Tool(rule),
        }
    }

    fn rules(&mut self, root: &Node<'_>, parts: &mut Parts) {
        let Some(node) = root.get("rule") else { return };
        if self.text.format == Format::ClaudeSettings {
            return;
        }
        let Value::List(items) = &node.value else { return };
        parts.rules.reserve(items.len());
        for (index, item) in items.iter().enumerate() {
            let text = |key: &str| item.get(key).and_then(Node::text).map(str::to_owned);
            let decision = match item.get("decision").and_then(Node::text) {
                Some("allow") => Decision::Allow,
                Some("ask") => Decision::Ask,
                Some("deny") => Decision::Deny,
                Some(_) => Decision::Ask,
                None => {
                    self.find(
                        Severity::Error,
                        "no-decision",
                        item.at,
                        "a rule without `decision`".to_owned(),
                        None,
                    );
                    Decision::Ask
                }
            };
            let (rule, complete) = self.effect_rule(item, decision);
            if !complete && decision == Decision::Allow {
                continue;
            }
            let id = text("id").unwrap_or_else(|| format!("rule-{}", index.saturating_add(1)));
            let examples = self.examples(item);
            parts.rules.push(Rule {
                decision,
                text: written(decision, item),
                id,
                at: self.position(item.at),
                scope: self.text.scope,
                why: text("why"),
                instead: text("instead"),
                examples,
                pattern: Pattern::Effect(rule),
            });
        }
    }

    /// The conditions, and whether all of them could be read. A deny or ask rule holds for what could be read.
    fn effect_rule(&mut self, item: &Node<'_>, decision: Decision) -> (EffectRule, bool) {
        let text = |key: &str| item.get(key).and_then(Node::text).map(str::to_owned);
        let mut rule = EffectRule {
            remote: text("remote"),
            branch: text("branch"),
            host: text("host"),
            program: text("program"),
            package: text("package"),
            name: text("name"),
            tool: text("tool"),
            force: item.get("force").and_then(|node| {
                if let Value::Bool(force) = node.value {
                    Some(force)
                } else {
                    None
                }
            }),
            ..EffectRule::default()
        };
        let mut complete = true;
        let names: Vec<&Node<'_>> = match item.get("effect") {
            Some(node) => match &node.value {
                Value::List(names) => names.iter().collect(),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Table(_) => vec![node],
            },
            None => {
                if decision == Decision::Allow {
                    let message = "an allow rule without `effect` names nothing".to_owned();
                    self.find(Severity::Error, "no-effect-named", item.at, message, None);
                    complete = false;
                }
                Vec::new()
            }
        };
        for node in names {
            let Some(name) = node.text() else {
                complete = false;
                continue;
            };
            match Verb::from_name(name) {
                Some(verb) => rule.verbs.push(verb),
                None => {
                    let help = keys::nearest(name, Verb::ALL.iter().map(|verb| verb.name()))
                        .map(|near| format!("did you mean `{near}`?"));
                    self.find(
                        Severity::Error,
                        "unknown-effect",
                        node.at,
                        format!("no effect is called `{name}`"),
                        help,
                    );
                    complete = false;
                }
            }
        }
        if !complete {
            rule.verbs.clear();
        }
        if let (Some(written), Some(node)) = (&rule.tool, item.get("tool"))
            && let Some((name, _)) = written.split_once('(')
        {
            let message = format!("`tool` names a tool and nothing of it: `{written}` would never match");
            let help =
                "put `Tool(specifier)` into the lists of [permissions], or say it with `effect`, `path`, `program`";
            self.find(
                Severity::Error,
                "tool-with-specifier",
                node.at,
                message,
                Some(help.to_owned()),
            );
            rule.tool = Some(name.trim().to_owned());
            complete = false;
        }
        if let Some(node) = item.get("path")
            && let Some(path) = node.text()
        {
            match PathPattern::parse(path, decision, self.base()) {
                Ok(pattern) => rule.path = Some(pattern),
                Err(message) => {
                    self.find(Severity::Error, "unreadable-rule", node.at, message, None);
                    complete = false;
                }
            }
        }
        (rule, complete)
    }

    fn examples(&mut self, item: &Node<'_>) -> Vec<Example> {
        let Some(Value::List(items)) = item.get("example").map(|node| &node.value) else {
            return Vec::new();
        };
        let mut examples = Vec::new();
        for node in items {
            let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
            let call = text("command")
                .map(ExampleCall::Command)
                .or_else(|| text("read").map(|path| ExampleCall::Path { write: false, path }))
                .or_else(|| text("write").map(|path| ExampleCall::Path { write: true, path }))
                .or_else(|| text("url").map(ExampleCall::Url));
            let decision = match text("decision").as_deref() {
                Some("allow") => Some(Decision::Allow),
                Some("ask") => Some(Decision::Ask),
                Some("deny") => Some(Decision::Deny),
                Some(_) | None => None,
            };
            match (call, decision) {
                (Some(call), Some(decision)) => examples.push(Example {
                    at: self.position(node.at),
                    call,
                    decision,
                }),
                (None, _) | (_, None) => {
                    let message = "an example needs `decision` and one of `command`, `read`, `write`, `url`".to_owned();
                    self.find(Severity::Error, "incomplete-example", node.at, message, None);
                }
            }
        }
        examples
    }

    fn ignored(&mut self, root: &Node<'_>, parts: &mut Parts) {
        if self.text.format == Format::ClaudeSettings {
            return;
        }
        let lines = texts(root.get("ignore").and_then(|ignore| ignore.get("paths"))).join("\n");
        if lines.is_empty() {
            return;
        }
        let ignored = IgnoreFile::parse(lines);
        if let Some(line) = ignored.malformed().next() {
            let at = root
                .get("ignore")
                .and_then(|ignore| ignore.get("paths"))
                .map_or(0, |node| node.at);
            let message = format!("line {} of `ignore.paths` can never match", line.number);
            self.find(Severity::Error, "unreadable-pattern", at, message, None);
        }
        parts.ignored = Some(Ignored {
            origin: self.text.origin.clone(),
            root: None,
            lines: ignored,
        });
    }

    fn states(&mut self, root: &Node<'_>, parts: &mut Parts) {
        let Some(tools) = root.get("tools") else { return };
        if self.text.format == Format::ClaudeSettings {
            return;
        }
        for entry in tools.entries() {
            // A word that can't be read is a person's question.
            let state = match entry.node.text() {
                Some("allow") => State::Allow,
                Some("auto") => State::Auto,
                Some("deny") => State::Deny,
                Some(_) | None => State::Ask,
            };
            parts.states.push(ToolState {
                tool: entry.key.clone().into_owned(),
                state,
                at: self.position(entry.at),
                scope: self.text.scope,
            });
        }
    }

    fn settings(&mut self, root: &Node<'_>) -> Proposed {
        let permissions = root.get("permissions");
        let ours = self.text.format != Format::ClaudeSettings;
        let text = |node: Option<&Node<'_>>| node.and_then(Node::text).map(str::to_owned);
        let mode = |node: Option<&Node<'_>>| node.and_then(Node::text).and_then(Mode::from_name);
        let count = |key: &str| match root
            .get("escalation")
            .and_then(|table| table.get(key))
            .map(|node| &node.value)
        {
            Some(Value::Number(count)) => u32::try_from(*count).ok().filter(|count| *count >= 1),
            Some(Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Table(_)) | None => None,
        };
        let disabled = |key: &str| {
            root.get(key).is_some() && ours
                || text(root.get(key)).as_deref() == Some("disable")
                || text(permissions.and_then(|table| table.get(key))).as_deref() == Some("disable")
        };
        let mut directories = texts(permissions.and_then(|table| table.get("additionalDirectories")));
        if ours {
            directories.extend(texts(root.get("directories")));
        }
        let environment = if ours {
            texts(root.get("environment"))
        } else {
            texts(root.get("autoMode").and_then(|table| table.get("environment")))
        };
        Proposed {
            mode: if ours { mode(root.get("mode")) } else { None },
            start_mode: mode(permissions.and_then(|table| table.get("defaultMode"))),
            tier: if ours {
                root.get("tier").and_then(Node::text).and_then(Tier::from_name)
            } else {
                None
            },
            trusted_hosts: if ours {
                texts(root.get("network").and_then(|table| table.get("trusted")))
            } else {
                Vec::new()
            },
            directories,
            environment: environment.into_iter().filter(|entry| entry != "$defaults").collect(),
            probe_block_on: if ours {
                text(root.get("probe").and_then(|table| table.get("block_on")))
            } else {
                None
            },
            probe_second_opinion: match root
                .get("probe")
                .filter(|_| ours)
                .and_then(|table| table.get("second_opinion"))
                .map(|node| &node.value)
            {
                Some(Value::Bool(yes)) => Some(*yes),
                Some(Value::Null | Value::Number(_) | Value::Text(_) | Value::List(_) | Value::Table(_)) | None => None,
            },
            judge: judge::read(root, self.text.format),
            in_a_row: if ours { count("in_a_row") } else { None },
            total: if ours { count("total") } else { None },
            auto_disabled: disabled("disableAutoMode"),
            bypass_disabled: disabled("disableBypassPermissionsMode"),
        }
    }
}

/// Keys that Claude Code's own files hold beside ours.
fn is_of_claude(parent: &str, key: &str) -> bool {
    match parent {
        "" => matches!(key, "autoMode" | "env" | "hooks" | "version" | "description" | "name"),
        "permissions" => matches!(
            key,
            "defaultMode" | "additionalDirectories" | "disableAutoMode" | "disableBypassPermissionsMode"
        ),
        _ => false,
    }
}

fn whole() -> ToolRule {
    ToolRule {
        tool: "*".to_owned(),
        specifier: Specifier::Any,
    }
}

pub(super) fn texts(node: Option<&Node<'_>>) -> Vec<String> {
    match node.map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Table(_)) | None => Vec::new(),
    }
}

/// What an effect rule decides and on which conditions, in one line.
fn written(decision: Decision, item: &Node<'_>) -> String {
    // Asked for every rule of every call, so the text is put together in one piece.
    let mut words = String::with_capacity(64);
    words.push_str(decision.name());
    words.push(' ');
    let start = words.len();
    for entry in item.entries() {
        if matches!(&*entry.key, "id" | "decision" | "why" | "instead" | "example") {
            continue;
        }
        let before = words.len();
        if before > start {
            words.push_str(", ");
        }
        words.push_str(&entry.key);
        match &entry.node.value {
            Value::Text(text) => [" = \"", text, "\""].iter().for_each(|part| words.push_str(part)),
            Value::Bool(yes) => words.push_str(if *yes { " = true" } else { " = false" }),
            Value::List(_) => [" = [", &texts(Some(&entry.node)).join(", "), "]"]
                .iter()
                .for_each(|part| words.push_str(part)),
            Value::Null | Value::Number(_) | Value::Table(_) => words.truncate(before),
        }
    }
    words
}
