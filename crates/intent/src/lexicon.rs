//! The English words that orders and boundaries are made of. Data only.

use crate::tokens::List;
use crate::{Deed, Deeds};

/// A verb of action.
pub(crate) struct Verb {
    /// Its base form, with a particle where it has one.
    pub(crate) base: &'static str,
    /// What it can mean.
    pub(crate) deeds: Deeds,
    /// It is a noun as well: what follows tells which.
    pub(crate) noun: bool,
}

const fn verb(base: &'static str, deeds: &[Deed]) -> Verb {
    Verb {
        base,
        deeds: Deeds::of(deeds),
        noun: false,
    }
}

const fn either(base: &'static str, deeds: &[Deed]) -> Verb {
    Verb {
        base,
        deeds: Deeds::of(deeds),
        noun: true,
    }
}

/// Verbs, those of several words first.
pub(crate) const VERBS: &[Verb] = &[
    verb("bring up to date", &[Deed::Rebase]),
    verb("get rid of", &[Deed::Delete]),
    verb("throw away", &[Deed::Discard, Deed::Delete]),
    verb("clean up", &[Deed::Delete]),
    verb("tidy up", &[Deed::Delete]),
    verb("log in", &[Deed::Connect]),
    verb("log into", &[Deed::Connect]),
    verb("roll out", &[Deed::Deploy]),
    verb("check out", &[Deed::Read, Deed::Fetch]),
    verb("look at", &[Deed::Read, Deed::Fetch]),
    verb("force push", &[Deed::Push]),
    verb("force-push", &[Deed::Push]),
    verb("shut down", &[Deed::Stop]),
    verb("spin up", &[Deed::Restart, Deed::Run]),
    either("commit", &[Deed::Commit]),
    either("push", &[Deed::Push]),
    either("merge", &[Deed::Merge]),
    either("rebase", &[Deed::Rebase]),
    either("sync", &[Deed::Rebase]),
    verb("amend", &[Deed::Amend]),
    either("squash", &[Deed::Amend]),
    either("fixup", &[Deed::Amend]),
    verb("reword", &[Deed::Amend]),
    verb("undo", &[Deed::Undo, Deed::Discard]),
    verb("uncommit", &[Deed::Undo]),
    either("reset", &[Deed::Undo, Deed::Discard]),
    either("revert", &[Deed::Undo, Deed::Discard]),
    verb("restore", &[Deed::Discard, Deed::Write]),
    verb("discard", &[Deed::Discard]),
    verb("delete", &[Deed::Delete]),
    verb("remove", &[Deed::Delete, Deed::Write]),
    verb("rm", &[Deed::Delete]),
    verb("erase", &[Deed::Delete]),
    verb("wipe", &[Deed::Delete]),
    verb("purge", &[Deed::Delete]),
    verb("nuke", &[Deed::Delete]),
    verb("destroy", &[Deed::Delete]),
    verb("prune", &[Deed::Delete]),
    verb("drop", &[Deed::Delete, Deed::Discard]),
    verb("truncate", &[Deed::Delete]),
    verb("cancel", &[Deed::Stop]),
    verb("kill", &[Deed::Stop]),
    verb("stop", &[Deed::Stop]),
    verb("terminate", &[Deed::Stop]),
    either("restart", &[Deed::Restart]),
    verb("bounce", &[Deed::Restart]),
    either("reload", &[Deed::Restart]),
    either("deploy", &[Deed::Deploy]),
    verb("apply", &[Deed::Deploy]),
    either("release", &[Deed::Release]),
    either("tag", &[Deed::Release]),
    either("publish", &[Deed::Publish]),
    verb("install", &[Deed::Install]),
    either("upgrade", &[Deed::Install]),
    either("bump", &[Deed::Install, Deed::Write]),
    verb("add", &[Deed::Install, Deed::Write]),
    either("update", &[Deed::Install, Deed::Write, Deed::EditRequest, Deed::Reply]),
    either("use", &[Deed::Install, Deed::Run]),
    either("try", &[Deed::Install, Deed::Run]),
    either("download", &[Deed::Fetch]),
    either("fetch", &[Deed::Fetch]),
    either("visit", &[Deed::Fetch]),
    either("clone", &[Deed::Fetch]),
    either("curl", &[Deed::Fetch, Deed::Run]),
    either("read", &[Deed::Read, Deed::Fetch]),
    either("show", &[Deed::Read]),
    either("print", &[Deed::Read]),
    either("cat", &[Deed::Read]),
    either("write", &[Deed::Write]),
    either("save", &[Deed::Write]),
    either("put", &[Deed::Write]),
    verb("append", &[Deed::Write]),
    either("edit", &[Deed::Write, Deed::EditRequest, Deed::Reply]),
    either("change", &[Deed::Write, Deed::EditRequest, Deed::Reply]),
    verb("modify", &[Deed::Write]),
    either("fix", &[Deed::Write, Deed::EditRequest]),
    verb("rename", &[Deed::Write, Deed::EditRequest]),
    either("move", &[Deed::Write]),
    either("copy", &[Deed::Write]),
    either("replace", &[Deed::Write, Deed::Install]),
    verb("switch", &[Deed::Install]),
    verb("overwrite", &[Deed::Write]),
    verb("regenerate", &[Deed::Write]),
    verb("generate", &[Deed::Write]),
    verb("configure", &[Deed::Write]),
    verb("extend", &[Deed::Write]),
    verb("adjust", &[Deed::Write]),
    verb("refactor", &[Deed::Write]),
    verb("implement", &[Deed::Write]),
    verb("address", &[Deed::Write]),
    verb("resolve", &[Deed::Write]),
    verb("make", &[Deed::Write]),
    verb("build", &[Deed::Write]),
    verb("create", &[Deed::Write]),
    either("set", &[Deed::Write]),
    either("run", &[Deed::Run]),
    verb("execute", &[Deed::Run]),
    verb("rerun", &[Deed::Run]),
    verb("re-run", &[Deed::Run]),
    verb("launch", &[Deed::Run]),
    either("start", &[Deed::Run, Deed::Restart]),
    either("call", &[Deed::Run, Deed::Send]),
    verb("invoke", &[Deed::Run]),
    verb("send", &[Deed::Send]),
    either("post", &[Deed::Send, Deed::Reply]),
    verb("upload", &[Deed::Send]),
    verb("submit", &[Deed::Send]),
    either("ssh", &[Deed::Connect]),
    verb("connect", &[Deed::Connect]),
    verb("reply", &[Deed::Reply]),
    verb("respond", &[Deed::Reply]),
    either("comment", &[Deed::Reply]),
    either("answer", &[Deed::Reply]),
    verb("mark", &[Deed::EditRequest]),
    either("close", &[Deed::EditRequest]),
    verb("reopen", &[Deed::EditRequest]),
    verb("retitle", &[Deed::EditRequest]),
    either("label", &[Deed::EditRequest]),
    verb("assign", &[Deed::EditRequest]),
    either("open", &[Deed::Read, Deed::Fetch, Deed::EditRequest]),
];

/// Verbs that make something: what they make tells the deed.
pub(crate) static MAKES: List = List::new("create open make launch start raise submit draft file put prepare cut do");

/// Nouns of a change request.
pub(crate) static REQUEST: List = List::new("pr prs mr pull request requests pull-request pull-requests");
/// Nouns that stand for a conversation with people.
pub(crate) static TALK: List = List::new(
    "comment comments review reviews reviewer reviewers feedback thread threads issue issues pr prs ticket \
     tickets discussion",
);
/// Nouns of a request's or an issue's parts.
pub(crate) static REQUEST_PARTS: List = List::new("pr prs mr issue issues ticket description review request comment");

/// Words before the verb of an order that change nothing.
pub(crate) static FILLERS: List = List::new(
    "please pls plz ok okay k alright right now then and also just so yes yep yeah yup sure great cool perfect \
     nice good thanks thx first second third finally lastly next afterwards actually instead simply quickly again \
     directly but hey hi ideally you go ahead let's lets git immediately well oh hmm lgtm done absolutely \
     definitely always carefully",
);

/// The first words of [`OPENINGS`].
pub(crate) static OPENERS: List = List::new(
    "can could would will i i'd you feel make be remember don't do never try it's you're thank let after we we'd need",
);
/// Ways to give an order or leave, in several words; those that only suggest come with `false`.
pub(crate) const OPENINGS: &[(&[&str], bool)] = &[
    (&["can", "you"], true),
    (&["could", "you"], true),
    (&["would", "you"], true),
    (&["will", "you"], true),
    (&["can", "u"], true),
    (&["i", "want", "you", "to"], true),
    (&["i'd", "like", "you", "to"], true),
    (&["i", "need", "you", "to"], true),
    (&["you", "can"], true),
    (&["you", "may"], true),
    (&["you", "should"], true),
    (&["you", "need", "to"], true),
    (&["you", "have", "to"], true),
    (&["you", "must"], true),
    (&["i", "allow", "you", "to"], true),
    (&["i", "authorize", "you", "to"], true),
    (&["you", "have", "permission", "to"], true),
    (&["you", "have", "my", "permission", "to"], true),
    (&["feel", "free", "to"], true),
    (&["make", "sure", "to"], true),
    (&["make", "sure", "you"], true),
    (&["be", "sure", "to"], true),
    (&["remember", "to"], true),
    (&["don't", "forget", "to"], true),
    (&["do", "not", "forget", "to"], true),
    (&["never", "forget", "to"], true),
    (&["try", "to"], true),
    (&["try", "and"], true),
    (&["it's", "ok", "to"], true),
    (&["it's", "okay", "to"], true),
    (&["it's", "fine", "to"], true),
    (&["you're", "free", "to"], true),
    (&["you", "are", "free", "to"], true),
    (&["you're", "allowed", "to"], true),
    (&["you", "are", "allowed", "to"], true),
    (&["thank", "you"], true),
    (&["let", "us"], true),
    (&["after", "that"], true),
    (&["i", "said"], true),
    (&["i", "want", "to"], true),
    (&["we", "want", "to"], true),
    (&["i'd", "like", "to"], true),
    (&["we'd", "like", "to"], true),
    (&["can", "we"], false),
    (&["could", "we"], false),
    (&["we", "can"], false),
    (&["we", "need", "to"], false),
    (&["we", "have", "to"], false),
    (&["need", "to"], false),
];

/// What of an order a wish ("I want to …") carries: what can be taken back.
pub(crate) const WISHED: Deeds = Deeds::of(&[
    Deed::Commit,
    Deed::Push,
    Deed::Request,
    Deed::Reply,
    Deed::Rebase,
    Deed::Amend,
    Deed::Install,
    Deed::Fetch,
    Deed::Read,
    Deed::Write,
    Deed::Run,
]);

/// What begins a question that is no request.
pub(crate) static ASKING: List = List::new(
    "why how what where which who whose should shall shouldn't is are was were isn't aren't wasn't am has does \
     doesn't did didn't couldn't wouldn't might may any what's how's where's who's can't",
);
/// The same, before a pronoun only.
pub(crate) static ASKING_WITH_PRONOUN: List = List::new("do have had can could would will won't don't haven't");
pub(crate) static PRONOUNS: List = List::new("i we you they he she it this that there these those");

/// Words that make what follows somebody else's words, a thought or a story.
pub(crate) static REPORTING: List = List::new(
    "said says told tells wrote writes asked asks suggests suggested wants wanted mentioned according thinks \
     claims claimed recommends recommended imagine suppose supposing hypothetically pretend e.g example instance \
     i'll i've i'd we'll we'd they'll he'll she'll let",
);
/// What makes a clause undecided.
pub(crate) static HESITATION: List =
    List::new("maybe perhaps possibly might wonder wondering thinking considering probably whether");
/// What puts it off.
pub(crate) static LATER: List = List::new(
    "tomorrow later tonight eventually someday sometime monday tuesday wednesday thursday friday weekend yet",
);
/// What attaches a condition.
pub(crate) static CONDITIONS: List = List::new("if once when unless after until till whenever provided assuming");
/// Signs that a condition is the user's own decision.
pub(crate) static MINE: List = List::new(
    "i i'm i've me my we approve approved approval approves review reviewed reviews sign signed legal boss \
     manager confirms confirmed confirm",
);
/// What embeds a question in a clause, so that an "and" goes on with that.
pub(crate) static EMBEDDING: List = List::new("how whether why what if where");

pub(crate) static DETERMINERS: List = List::new(
    "the this that these those a an my our your its all any every each both of old new stale unused whole entire \
     same two three other also local remote",
);
pub(crate) static AFTER_NOUNLIKE: List = List::new(
    "what whatever the this that these those a an my our your its all any every each both it them everything to up into onto in \
     on at with from for against over via now again please pls directly immediately then and but or when once if \
     after unless force only just here too changes branch main master origin upstream pr commits tags tag version \
     staging production prod dev latest as back so right is until till before without yet today tomorrow later \
     straight draft individual separate release",
);
/// Prepositions that begin a place.
pub(crate) static PLACES: List =
    List::new("to into onto in on at from with against under inside via by using as through over towards");
/// Nouns of kinds of things.
pub(crate) static KINDS: List = List::new(
    "file files folder folders directory directories dir branch branches package packages library libraries \
     dependency dependencies table tables database databases db service services job jobs container containers \
     script scripts command process processes image images volume volumes bucket pod deployment server host tag \
     version module tool cli plugin artifact artifacts ticket index",
);
/// Words that end the object of an order.
pub(crate) static ENDS: List = List::new(
    "because since while where which who like such instead before until till using however though although \
     otherwise when once if unless after provided assuming whenever is are was were will should can has have \
     contains containing references referencing describing following",
);
/// What takes something out.
pub(crate) static EXCEPT: List = List::new("except without besides excluding not excepting minus");
/// Verbs that are nobody's concern here, where a list of plain names could go on with them.
pub(crate) static PLAIN_VERBS: List = List::new(
    "test build check verify continue proceed rebuild retry lint format debug see keep leave compare document explain tell \
     report try confirm finish repeat review refactor",
);
/// What can stand before a colon behind which an order comes.
pub(crate) static LEADS: List =
    List::new("do todo tasks task following next note important reminder finally steps order please");
/// Words in the object of an order that name nothing.
pub(crate) static ADVERBS: List = List::new(
    "now again please pls too directly immediately today just right away first already quickly straight thanks back",
);
