//! What the user asked for and ruled out, held against effects. Words that name action and thing answer a question that is a
//! person's to answer; they lift no denial, and no boundary is got round by them.
//!
//! How messages become an authorization is in the crate `intent`; which grant covers which effect is in `asked/orders.rs`,
//! which boundary an effect crosses in `asked/boundaries.rs`.

mod boundaries;
mod invocation;
mod orders;
mod version_control;

use core::cell::OnceCell;

use placet_effects::Analysis;
use placet_intent::{Authorization, Grant, Said};
use placet_model::{Action, Decision, Effect, Facts, Match, Mode, Outcome, Place, Resource, Scope, Source, Tier};

use crate::{tiers, words};

/// What the user wrote in this session. It is read at most once, and only when an effect needs it.
pub(crate) struct Words<'w> {
    facts: &'w dyn Facts,
    read: OnceCell<Authorization>,
    binding: OnceCell<bool>,
}

impl<'w> Words<'w> {
    pub(crate) fn of(facts: &'w dyn Facts) -> Self {
        Self {
            facts,
            read: OnceCell::new(),
            binding: OnceCell::new(),
        }
    }

    fn are_none(&self) -> bool {
        self.facts.user_messages().is_empty()
    }

    /// Whether there may be a boundary. What was read already tells; otherwise a quick look does.
    fn may_bind(&self) -> bool {
        match self.read.get() {
            Some(read) => !read.boundaries.is_empty(),
            None => *self
                .binding
                .get_or_init(|| placet_intent::may_bind(self.facts.user_messages())),
        }
    }

    fn authorization(&self) -> &Authorization {
        self.read
            .get_or_init(|| placet_intent::read(self.facts.user_messages()))
    }
}

/// The user's words beside one action.
pub(crate) struct Asked<'w> {
    analysis: &'w Analysis,
    words: &'w Words<'w>,
    facts: &'w dyn Facts,
    mode: Mode,
    tier: Tier,
}

impl<'w> Asked<'w> {
    pub(crate) fn new(action: &Action, analysis: &'w Analysis, words: &'w Words<'w>) -> Self {
        Self {
            analysis,
            words,
            facts: words.facts,
            mode: action.mode,
            tier: action.tier,
        }
    }

    /// The world around the action.
    pub(crate) fn facts(&self) -> &'w dyn Facts {
        self.facts
    }

    fn said_nothing(&self) -> bool {
        self.words.are_none()
    }

    fn authorization(&self) -> &Authorization {
        self.words.authorization()
    }

    /// What the user's order makes of an effect that would otherwise be put to a person. Only in `auto`, where nobody is
    /// asked at every step; in the restrictive tier a person wants to see each step all the same.
    pub(crate) fn allows(&self, effect: &Effect) -> Option<Match> {
        let answered = self.answered(effect)?;
        Some(Match {
            outcome: Outcome::Decided(Decision::Allow),
            source: Source::User,
            rule: "user-asked".to_owned(),
            origin: String::new(),
            span: effect.span,
            effect: words::effect(effect),
            reason: reason(answered),
            instead: None,
            would_allow: None,
        })
    }

    /// The order that covers an effect, if there is one.
    pub(crate) fn answered(&self, effect: &Effect) -> Option<Answer<'_>> {
        if self.mode != Mode::Auto || self.tier == Tier::Restrictive || self.said_nothing() {
            return None;
        }
        let authorization = self.authorization();
        if authorization.doubt.is_some() {
            return None;
        }
        orders::covering(effect, self, authorization)
    }

    /// What a boundary makes of an effect.
    pub(crate) fn forbids(&self, effect: &Effect) -> Option<Match> {
        let unbound = effect.verb.only_reads() && !matches!(effect.resource, Resource::Path(_));
        if unbound || self.said_nothing() || !self.words.may_bind() {
            return None;
        }
        let (boundary, decision) = boundaries::crossed(effect, self, self.authorization())?;
        let (rule, lift) = match decision {
            Decision::Deny => (
                "user-boundary",
                "stay within what the user said; only the user can lift it, by saying so",
            ),
            Decision::Ask | Decision::Allow => ("user-asks-first", "wait for the user's word"),
        };
        Some(Match {
            outcome: Outcome::Decided(decision),
            source: Source::User,
            rule: rule.to_owned(),
            origin: format!("message {}", boundary.said.message.saturating_add(1)),
            span: effect.span,
            effect: words::effect(effect),
            reason: format!("the user said: {}", quoted(&boundary.said)),
            instead: Some(lift.to_owned()),
            would_allow: None,
        })
    }

    /// Whether the user named the thing, as far as that is looked at: paths and hosts.
    fn mentions(&self, effect: &Effect) -> Option<&Said> {
        orders::mentioned(effect, self, self.authorization())
    }
}

/// What answers the question.
pub(crate) enum Answer<'a> {
    /// An order.
    Order(&'a Grant),
    /// The thing was named, and naming it is enough.
    Named(&'a Said),
}

fn reason(answered: Answer<'_>) -> String {
    match answered {
        Answer::Order(grant) if grant.firm => format!("you asked for it: {}", quoted(&grant.said)),
        Answer::Order(grant) => format!(
            "you asked for it, under a condition that the agent judges: {}",
            quoted(&grant.said)
        ),
        Answer::Named(said) => format!("you named it: {}", quoted(said)),
    }
}

/// The words, short enough for a sentence.
fn quoted(said: &Said) -> String {
    const LONGEST: usize = 100;
    let line = said.words.split(['\n', '\r']).next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("\u{201c}{}\u{2026}\u{201d}", line.get(..end).unwrap_or(line)),
        None => format!("\u{201c}{line}\u{201d}"),
    }
}

/// Notes at each effect whether the user named its resource: hosts, and paths that the session does not work on anyway.
pub(crate) fn note_names(analysis: &mut Analysis, action: &Action, words: &Words<'_>) {
    if words.are_none() {
        return;
    }
    let named: Vec<bool> = {
        let asked = Asked::new(action, analysis, words);
        let open = |effect: &Effect| match &effect.resource {
            Resource::Host(_) => !tiers::is_local(&effect.resource),
            Resource::Path(target) => {
                !effect.verb.only_reads()
                    || !matches!(
                        target.place,
                        Place::Project | Place::Temp | Place::Stream | Place::Toolchain
                    )
            }
            Resource::Code(_)
            | Resource::Program(_)
            | Resource::Process(_)
            | Resource::Ref { .. }
            | Resource::Package { .. }
            | Resource::Container { .. }
            | Resource::Named(_)
            | Resource::Unknown => false,
        };
        analysis
            .effects
            .list
            .iter()
            .map(|effect| open(effect) && asked.mentions(effect).is_some())
            .collect()
    };
    for (effect, named) in analysis.effects.list.iter_mut().zip(named) {
        if named {
            effect.qualifiers.named_by_user = true;
            // What is shared stays shared, whoever named it: hard limits ask for that.
            if !effect.qualifiers.elsewhere && effect.dimensions.scope != Scope::Shared {
                effect.dimensions.scope = Scope::Named;
            }
        }
    }
}
