//! The question: everything that the judge is shown of one action. Built from trusted text only; see `trusted.rs`.

use placet_model::{Action, Carries, Effect, Effects, Facts, Place, Resource, Sensitivity, Standing};
use serde::Serialize;

use crate::budget::{self, Kept};
use crate::prompt::{FIRST, Prompt, ROLE, SECOND, Stage};
use crate::quote::Quotes;
use crate::trusted::{Earlier, Redact, Trusted, Word};
use crate::{Prose, visible};

/// Effects that are shown.
const EFFECTS: usize = 120;
/// Earlier actions that are shown, the newest.
const EARLIER: usize = 30;

/// What a question is made from.
pub struct Case<'a> {
    /// The action.
    pub action: &'a Action,
    /// What it would do.
    pub effects: &'a Effects,
    /// The world, and what the user said.
    pub facts: &'a dyn Facts,
    /// What was found of boundaries in the user's words: the number of the message, from 0, and the words.
    pub boundaries: &'a [(usize, String)],
    /// Earlier actions of the session from Placet's log, oldest first.
    pub earlier: &'a [Earlier],
    /// What people wrote for the judge.
    pub prose: &'a Prose,
    /// Takes secrets out.
    pub redact: Redact<'a>,
}

/// A question, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    system: String,
    body: String,
    quotes: Quotes,
    whole: bool,
    prose: Prose,
}

#[derive(Serialize)]
struct Body<'a> {
    facts: About,
    user_messages: Vec<Kept>,
    boundaries: Vec<Trusted>,
    earlier_actions: &'a [Earlier],
    action: Act,
    effects: Vec<Shown>,
    #[serde(skip_serializing_if = "is_zero")]
    effects_left_out: usize,
}

#[derive(Serialize)]
struct About {
    project: Trusted,
    directory: Trusted,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<Trusted>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_branch: Option<Trusted>,
    remotes: Vec<(Trusted, Trusted)>,
    mode: Word,
    tier: Word,
    user_is_present: bool,
}

#[derive(Serialize)]
struct Act {
    tool: Trusted,
    by_a_sub_agent: bool,
    arguments: Vec<(Trusted, Trusted)>,
}

#[derive(Serialize)]
struct Shown {
    does: Word,
    to: Trusted,
    #[serde(skip_serializing_if = "is_empty")]
    by: Trusted,
    reversibility: Word,
    scope: Word,
    surface: Word,
    cascade: Word,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Word>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn is_empty(text: &Trusted) -> bool {
    text.text().is_empty()
}

impl Question {
    /// The question about this case.
    #[must_use]
    pub fn new(case: &Case<'_>) -> Self {
        let messages = Trusted::messages(case.facts, case.redact);
        let (project, directory) = Trusted::places(case.facts);
        let repository = case.facts.repository(case.facts.cwd()).unwrap_or_default();
        let (branch, default_branch, remotes) = Trusted::repository(&repository, case.redact);
        let (mode, tier) = Trusted::mode(case.action.mode, case.action.tier);
        let (boundaries, all_boundaries) = budget::all_or_some(
            case.boundaries
                .iter()
                .filter_map(|(message, words)| Trusted::words_of_message(case.facts, *message, words, case.redact)),
        );
        let (arguments, all_arguments) = Trusted::arguments(case.action, case.redact);
        let effects_left_out = case.effects.list.len().saturating_sub(EFFECTS);
        let body = Body {
            facts: About {
                project,
                directory,
                branch,
                default_branch,
                remotes,
                mode,
                tier,
                user_is_present: case.action.attended,
            },
            user_messages: budget::keep(&messages),
            boundaries: boundaries.clone(),
            earlier_actions: case
                .earlier
                .get(case.earlier.len().saturating_sub(EARLIER)..)
                .unwrap_or_default(),
            action: Act {
                tool: Trusted::tool(case.action),
                by_a_sub_agent: case.action.principal.subagent.is_some(),
                arguments,
            },
            effects: case
                .effects
                .list
                .iter()
                .take(EFFECTS)
                .map(|effect| shown(effect, case.redact))
                .collect(),
            effects_left_out,
        };
        Self {
            system: format!("{ROLE}{}", case.prose.text()),
            // Words, numbers and lists always have a JSON form.
            body: visible::escaped(&serde_json::to_string_pretty(&body).unwrap_or_default()),
            quotes: Quotes::of(&messages, &boundaries),
            whole: all_arguments && all_boundaries && effects_left_out == 0,
            prose: case.prose.clone(),
        }
    }

    /// The request of this stage.
    #[must_use]
    pub fn prompt(&self, stage: Stage) -> Prompt<'_> {
        Prompt {
            stage,
            system: &self.system,
            question: &self.body,
            instruction: match stage {
                Stage::First => FIRST,
                Stage::Second => SECOND,
            },
        }
    }

    /// What the user wrote, and what of it forbids.
    pub(crate) fn quotes(&self) -> &Quotes {
        &self.quotes
    }

    /// Whether the action, its effects and what the user forbade are shown to the end.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The rules in force.
    #[must_use]
    pub fn prose(&self) -> &Prose {
        &self.prose
    }
}

fn shown(effect: &Effect, redact: Redact<'_>) -> Shown {
    let more = &effect.qualifiers;
    let mut also: Vec<Word> = Vec::new();
    let mut say = |said: bool, word: &'static str| {
        if said {
            also.push(Trusted::word(word));
        }
    };
    say(more.force, "forced: a protection is overridden");
    say(more.sweep, "everything below may be touched");
    say(
        more.measured,
        "only a count, a checksum, a kind or whether something matches comes out",
    );
    say(more.named_by_user, "named by the user");
    say(more.elsewhere, "on another machine or in a container");
    say(more.background, "not waited for");
    if let Some(later) = more.runs_later {
        say(true, "takes effect later");
        say(true, later.words());
    }
    match more.carries {
        Carries::Nothing => {}
        Carries::ProjectData => say(true, "carries data of the project"),
        Carries::Unknown => say(true, "carries data that can't be told"),
        Carries::Secret => say(true, "carries a secret"),
    }
    match &effect.resource {
        Resource::Path(target) => {
            say(true, place(target.place));
            say(true, standing(target.standing));
            match target.sensitivity {
                Sensitivity::Plain => {}
                Sensitivity::Secret => say(true, "holds secrets"),
                Sensitivity::Personal => say(true, "holds personal data"),
                Sensitivity::PlacetPolicy | Sensitivity::PlacetState => say(true, "belongs to this program"),
            }
        }
        Resource::Code(code) => say(true, understood(code.understood)),
        Resource::Program(_)
        | Resource::Process(_)
        | Resource::Host(_)
        | Resource::Ref { .. }
        | Resource::Package { .. }
        | Resource::Container { .. }
        | Resource::Named(_)
        | Resource::Unknown => {}
    }
    Shown {
        does: Trusted::word(effect.verb.name()),
        to: Trusted::resource(effect, redact),
        by: Trusted::by(effect),
        reversibility: Trusted::word(effect.dimensions.reversibility.name()),
        scope: Trusted::word(effect.dimensions.scope.name()),
        surface: Trusted::word(effect.dimensions.surface.name()),
        cascade: Trusted::word(effect.dimensions.cascade.name()),
        also,
    }
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Project => "inside the project",
        Place::Vital => "the project's root, a parent of it, or the home itself",
        Place::Temp => "a temporary directory",
        Place::Stream => "no file at all",
        Place::Toolchain => "read-only parts of the system or a toolchain",
        Place::Home => "the user's home, outside the project",
        Place::System => "the operating system",
        Place::Device => "a disk or device",
        Place::Outside => "outside the project",
        Place::Unknown => "could be anywhere",
    }
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Clean => "in version control, unchanged",
        Standing::Session => "created in this session",
        Standing::Regenerable => "can be made again by a tool",
        Standing::Missing => "does not exist yet",
        Standing::Dirty => "in version control, with changes that are not committed",
        Standing::Untracked => "there before the session, not in version control",
        Standing::Unknown => "it can't be told what would be lost",
    }
}

fn understood(how_far: placet_model::Understood) -> &'static str {
    match how_far {
        placet_model::Understood::Fully => "its text was read, its effects are listed",
        placet_model::Understood::Assumed => "its text was not looked into",
        placet_model::Understood::Partly => "parts of its text could do anything",
        placet_model::Understood::Not => "its text could do anything",
    }
}
