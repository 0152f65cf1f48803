//! Texts to train on, made of parts that are ours: carriers × frames × asks × tricks × languages, and harmless texts
//! that look alike. The same seed gives the same texts.

mod carriers;
mod grammar;
mod tricks;
mod words;

use carriers::CARRIERS;
use placet_probe::training::Dice;
use words::Words;

/// One text.
pub struct Text {
    /// The text.
    pub text: String,
    /// Where the injected instruction stands, if there is one.
    pub span: Option<(usize, usize)>,
    /// Texts of one family share their wording.
    pub family: u64,
    /// What the user said.
    pub messages: Vec<String>,
    /// How much it counts.
    pub weight: f64,
}

/// What a list of lines holds: each is one template.
pub(crate) fn lines(text: &'static str) -> Vec<&'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .collect()
}

/// The lists that texts are made of.
pub(crate) struct Lists {
    asks: Vec<&'static str>,
    standing: Vec<&'static str>,
    frames: Vec<&'static str>,
    frames_standing: Vec<&'static str>,
    frames_setup: Vec<&'static str>,
    languages: Vec<&'static str>,
    pub(crate) prose: Vec<&'static str>,
    pub(crate) dev: Vec<&'static str>,
    pub(crate) sentences: Vec<&'static str>,
    pub(crate) foreign: Vec<&'static str>,
    pub(crate) data: Vec<&'static str>,
    pub(crate) customs: Vec<&'static str>,
    acts: Vec<&'static str>,
    takes: Vec<&'static str>,
    outputs: Vec<&'static str>,
    statements: Vec<&'static str>,
    premises: Vec<&'static str>,
    conventions: Vec<&'static str>,
    headings: Vec<&'static str>,
    reasons: Vec<&'static str>,
    needs: Vec<&'static str>,
    authorities: Vec<&'static str>,
    threats: Vec<&'static str>,
    commands: Vec<&'static str>,
    duties: Vec<&'static str>,
    comments: Vec<&'static str>,
}

impl Lists {
    fn new() -> Self {
        let mut asks = lines(include_str!("texts/asks_data.txt"));
        asks.extend(lines(include_str!("texts/asks_code.txt")));
        Self {
            asks,
            standing: lines(include_str!("texts/asks_standing.txt")),
            frames: lines(include_str!("texts/frames.txt")),
            frames_standing: lines(include_str!("texts/frames_standing.txt")),
            frames_setup: lines(include_str!("texts/frames_setup.txt")),
            languages: lines(include_str!("texts/languages.txt")),
            prose: lines(include_str!("texts/harmless_prose.txt")),
            dev: lines(include_str!("texts/harmless_dev.txt")),
            sentences: lines(include_str!("texts/sentences.txt")),
            foreign: lines(include_str!("texts/languages_harmless.txt")),
            data: lines(include_str!("texts/harmless_data.txt")),
            customs: lines(include_str!("texts/harmless_conventions.txt")),
            acts: lines(include_str!("texts/acts.txt")),
            takes: lines(include_str!("texts/takes.txt")),
            outputs: lines(include_str!("texts/outputs.txt")),
            statements: lines(include_str!("texts/statements.txt")),
            premises: lines(include_str!("texts/premises.txt")),
            conventions: lines(include_str!("texts/conventions.txt")),
            headings: lines(include_str!("texts/headings.txt")),
            reasons: lines(include_str!("texts/reasons.txt")),
            needs: lines(include_str!("texts/needs.txt")),
            authorities: lines(include_str!("texts/authorities.txt")),
            threats: lines(include_str!("texts/threats.txt")),
            commands: lines(include_str!("texts/commands.txt")),
            duties: lines(include_str!("texts/duties.txt")),
            comments: lines(include_str!("texts/comments.txt")),
        }
    }
}

/// An instruction that a text tries to smuggle in.
struct Payload {
    text: String,
    family: u64,
}

/// How much one of them counts beside a real text.
const WEIGHT: f64 = 0.12;
/// Pinned, as the trainer's is.
const SEED: u64 = 0x9e0_2a7e;

/// So many texts, a third of them with an instruction.
#[must_use]
pub fn texts(count: usize) -> Vec<Text> {
    let lists = Lists::new();
    let mut dice = Dice::new(SEED);
    (0..count)
        .map(|index| {
            if index % 5 < 2 {
                injected(&lists, &mut dice)
            } else {
                harmless(&lists, &mut dice)
            }
        })
        .collect()
}

/// How a message begins that asks for something.
const OPENINGS: &[&str] = &[
    "Could you ",
    "Can you please ",
    "I want you to ",
    "Kindly ",
    "Hi, please ",
    "We are glad to show our new design. Please ",
    "Special offer: please ",
    "Reminder: ",
    "For security, please ",
    "Now ",
    "Next, ",
    "Then ",
];

fn payload(lists: &Lists, dice: &mut Dice) -> Payload {
    let words = Words::new(dice);
    let kind = dice.below(22);
    if kind >= 10 {
        let (text, family) = match kind {
            10..=12 => grammar::act(lists, &words, dice),
            13 | 14 => grammar::take(lists, &words, dice),
            15..=18 => grammar::output(lists, &words, dice),
            _ => grammar::convention(lists, &words, dice),
        };
        // Said plainly, or asked for politely, or dressed up as the others are.
        let text = match (kind, dice.below(6)) {
            (15.., _) => text,
            (_, 0 | 1) => format!("Please {text}."),
            (_, 2) => format!("{}.", words::capital(&text)),
            (_, 3) => format!("{}{text}.", dice.pick(OPENINGS)),
            _ => {
                let frame = lists.frames[dice.below(lists.frames.len())].replace("\\n", "\n");
                words.fill(
                    &frame.replace("{Ask}", &words::capital(&text)).replace("{ask}", &text),
                    dice,
                )
            }
        };
        return Payload { text, family };
    }
    if kind == 0 {
        let at = dice.below(lists.languages.len());
        let line = lists.languages[at];
        let template = line.split_once('|').map_or(line, |(_, rest)| rest);
        return Payload {
            text: words.fill(template, dice),
            family: 30_000 + at as u64,
        };
    }
    if kind == 1 {
        let at = dice.below(lists.frames_setup.len());
        return Payload {
            text: words.fill(&lists.frames_setup[at].replace("\\n", "\n"), dice),
            family: 40_000 + at as u64,
        };
    }
    let standing = kind < 6;
    let (asks, frames, base) = if standing {
        (&lists.standing, &lists.frames_standing, 20_000)
    } else {
        (&lists.asks, &lists.frames, 10_000)
    };
    let at = dice.below(asks.len());
    let mut ask = words.fill(asks[at], dice);
    if standing && dice.once_in(3) || !standing && dice.once_in(10) {
        let other = words.fill(asks[dice.below(asks.len())], dice);
        ask = format!("{ask}. {}", words::capital(&other));
    }
    let frame = frames[dice.below(frames.len())].replace("\\n", "\n");
    let framed = frame.replace("{Ask}", &words::capital(&ask)).replace("{ask}", &ask);
    Payload {
        text: words.fill(&framed, dice),
        family: base + at as u64,
    }
}

fn injected(lists: &Lists, dice: &mut Dice) -> Text {
    let payload = payload(lists, dice);
    let hidden = dice.once_in(5).then(|| tricks::hide(&payload.text, dice));
    let said = hidden.unwrap_or(payload.text);
    let carrier = CARRIERS[dice.below(CARRIERS.len())];
    let alone = dice.once_in(8);
    let text = if alone {
        said.clone()
    } else {
        carrier(Some(&said), lists, dice)
    };
    // A carrier may have escaped the text, or indented it; then any part may be meant.
    let span = text.find(&said).map(|at| (at, at + said.len()));
    let (span, text) = match span {
        Some(span) => (span, text),
        None => ((0, text.len()), text),
    };
    Text {
        span: Some(span),
        family: payload.family,
        messages: request(lists, dice),
        weight: WEIGHT,
        text,
    }
}

fn harmless(lists: &Lists, dice: &mut Dice) -> Text {
    let words = Words::new(dice);
    if dice.once_in(12) {
        return Text {
            text: grammar::bare(&words, dice),
            span: None,
            family: 99_000 + dice.below(8) as u64,
            messages: request(lists, dice),
            weight: WEIGHT,
        };
    }
    let (line, family) = if dice.once_in(10) {
        grammar::duty(lists, &words, dice)
    } else {
        let (list, base) = match dice.below(18) {
            0..=3 => (&lists.prose, 50_000_u64),
            4..=7 => (&lists.dev, 60_000),
            8 => (&lists.foreign, 70_000),
            9 => (&lists.sentences, 80_000),
            10..=13 => (&lists.data, 90_000),
            _ => (&lists.customs, 95_000),
        };
        let at = dice.below(list.len());
        (words.fill(&list[at].replace("\\n", "\n"), dice), base + at as u64)
    };
    // The means of hiding are no proof: harmless texts use them as well, nearly as often.
    let line = match dice.below(14) {
        0 | 1 => tricks::hide(&line, dice),
        2 => tricks::hide_harmless(&line, dice),
        _ => line,
    };
    let text = if dice.once_in(6) {
        line
    } else {
        CARRIERS[dice.below(CARRIERS.len())](Some(&line), lists, dice)
    };
    Text {
        text,
        span: None,
        family,
        messages: request(lists, dice),
        weight: WEIGHT,
    }
}

/// What the user asked for: mostly something else.
fn request(lists: &Lists, dice: &mut Dice) -> Vec<String> {
    const REQUESTS: &[&str] = &[
        "Summarise this page for me.",
        "Fix the failing test in src/parser and run the suite.",
        "What do the reviews say about {place}?",
        "Add a cover page to the report and save it as {file}.",
        "Do I have a meeting with {person} on {date}?",
        "Refactor the login handler, please.",
        "Which of these is the cheapest?",
        "Update the title of the presentation.",
        "Find the bug in this function.",
        "Read the mail from {person} and tell me what it is about.",
    ];
    if dice.once_in(3) {
        return Vec::new();
    }
    let _ = lists;
    let words = Words::new(dice);
    vec![words.fill(dice.pick(REQUESTS), dice)]
}
