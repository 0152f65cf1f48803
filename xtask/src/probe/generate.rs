//! Texts to train on, made of parts that are ours: carriers × frames × asks × tricks × languages, and harmless texts
//! that look alike. The same seed gives the same texts.

mod carriers;
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
    text.lines().filter(|line| !line.is_empty()).collect()
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
        }
    }
}

/// An instruction that a text tries to smuggle in.
struct Payload {
    text: String,
    family: u64,
}

/// How much one of them counts beside a real text.
const WEIGHT: f64 = 0.3;
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

fn payload(lists: &Lists, dice: &mut Dice) -> Payload {
    let words = Words::new(dice);
    let kind = dice.below(10);
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
    if standing && dice.once_in(3) || !standing && dice.once_in(8) {
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
    let (line, family) = {
        let (list, base) = match dice.below(10) {
            0..=3 => (&lists.prose, 50_000_u64),
            4..=7 => (&lists.dev, 60_000),
            8 => (&lists.foreign, 70_000),
            _ => (&lists.sentences, 80_000),
        };
        let at = dice.below(list.len());
        (words.fill(list[at], dice), base + at as u64)
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
