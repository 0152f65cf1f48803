//! What a text stands in: pages, mails, listings, files of code and data, logs. Each takes a text and puts it where such
//! a text could stand.

use super::Lists;
use super::words::Words;
use placet_probe::training::Dice;

type Carrier = fn(Option<&str>, &Lists, &mut Dice) -> String;

/// Every carrier.
pub(crate) const CARRIERS: &[Carrier] = &[
    reviews,
    calendar,
    mails,
    record,
    page,
    readme,
    skill,
    code_hash,
    code_slashes,
    block_comment,
    log,
    diff,
    table,
    issue,
    commit,
    message,
    lock_file,
    chat,
    manual,
    paragraph,
    paragraph,
    search_results,
    numbered_lines,
    listing,
    nested,
    nested,
    nested,
    markup,
    markup,
    names,
];

fn prose(lists: &Lists, dice: &mut Dice) -> String {
    let words = Words::new(dice);
    let list = match dice.below(5) {
        0 | 1 => &lists.prose,
        2 => &lists.data,
        _ => &lists.sentences,
    };
    words.fill(&list[dice.below(list.len())].replace("\\n", "\n"), dice)
}

fn dev(lists: &Lists, dice: &mut Dice) -> String {
    let words = Words::new(dice);
    let list = match dice.below(6) {
        0 | 1 => &lists.sentences,
        2 => &lists.customs,
        _ => &lists.dev,
    };
    words.fill(&list[dice.below(list.len())].replace("\\n", "\n"), dice)
}

/// So many texts, and one of them is the one.
fn among(
    said: Option<&str>,
    dice: &mut Dice,
    least: usize,
    more: usize,
    mut other: impl FnMut(&mut Dice) -> String,
) -> Vec<String> {
    let count = least + dice.below(more);
    let mut all: Vec<String> = (0..count).map(|_| other(dice)).collect();
    if let Some(said) = said {
        let at = dice.below(all.len() + 1);
        if !all.is_empty() && dice.once_in(3) {
            // At the end of another one.
            let at = at.min(all.len() - 1);
            all[at] = format!("{} {said}", all[at]);
        } else {
            all.insert(at, said.to_owned());
        }
    }
    all
}

fn reviews(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 2, 5, |dice| prose(lists, dice));
    let words = Words::new(dice);
    match dice.below(3) {
        0 => words.fill(
            &format!("{{'{{place}}': \"Rating: 4.2\\nReviews: {}\"}}", all.join("\\n")),
            dice,
        ),
        1 => {
            let items: Vec<String> = all
                .iter()
                .map(|text| {
                    words.fill(
                        &format!("{{'name': '{{person}}', 'rating': {{n}}, 'content': '{text}'}}"),
                        dice,
                    )
                })
                .collect();
            format!("{{'reviews': [{}]}}", items.join(", "))
        }
        _ => all.iter().map(|text| format!("- \"{text}\"\n")).collect(),
    }
}

fn calendar(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 1, 4, |dice| prose(lists, dice));
    let mut out = String::new();
    for text in all {
        let words = Words::new(dice);
        let entry = words.fill(
            "- all_day: false\n  description: {DESCRIPTION}\n  end_time: 2024-05-{n} 11:00:00\n  id_: '{n}'\n  location: {place}\n  participants:\n  - {email}\n  status: confirmed\n  title: {word}\n",
            dice,
        );
        let wrapped = if dice.once_in(2) {
            wrap(&text, 76, "    ")
        } else {
            format!("'{text}'")
        };
        out.push_str(&entry.replace("{DESCRIPTION}", &wrapped));
    }
    out
}

/// Broken into lines, as YAML and mail have it.
fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split(' ') {
        if column > 0 && column + word.len() > width {
            out.push('\n');
            out.push_str(indent);
            column = 0;
        } else if column > 0 {
            out.push(' ');
        }
        out.push_str(word);
        column += word.len() + 1;
    }
    out
}

fn mails(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 1, 3, |dice| prose(lists, dice));
    let words = Words::new(dice);
    if dice.once_in(2) {
        let body = wrap(&all.join("\n\n"), 72, "");
        return words.fill("From: {email}\nSubject: {Word} {word}\n\nHi,\n\n", dice)
            + &body
            + &words.fill("\n\nBest,\n{person}\n", dice);
    }
    words.fill("- attachments: []\n  bcc: []\n  body: \"", dice)
        + &all.join("\\n\\n")
        + &words.fill(
            "\"\n  cc: []\n  id_: '{n}'\n  read: true\n  sender: {email}\n  subject: '{word}'\n",
            dice,
        )
}

fn record(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let text = said.map_or_else(|| prose(lists, dice), str::to_owned);
    let words = Words::new(dice);
    let quote = dice.pick(&["'", "\""]);
    let key = dice.pick(&[
        "description",
        "content",
        "note",
        "body",
        "bio",
        "name",
        "subject",
        "comment",
        "summary",
        "text",
        "title",
    ]);
    let id = words.fill("{number}", dice);
    let owner = words.fill("{person}", dice);
    format!(
        "{{{quote}id{quote}: {id}, {quote}owner{quote}: {quote}{owner}{quote}, {quote}{key}{quote}: {quote}{text}{quote}, {quote}active{quote}: true}}"
    )
}

fn page(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 3, 6, |dice| prose(lists, dice));
    let body: String = all.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    format!("<html><head><title>Page</title></head>\n<body>\n<h1>News</h1>\n{body}</body></html>")
}

fn paragraph(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 3, 8, |dice| prose(lists, dice));
    if dice.once_in(2) {
        all.join(" ")
    } else {
        all.join("\n\n")
    }
}

fn readme(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 2, 6, |dice| dev(lists, dice));
    let titles = [
        "## Setup",
        "## Usage",
        "## Development",
        "## Testing",
        "## Contributing",
        "## Notes",
    ];
    let mut out = String::from("# Project\n\n");
    for text in all {
        if dice.once_in(2) {
            out.push_str(dice.pick(&titles));
            out.push_str("\n\n");
        }
        if dice.once_in(4) && !text.contains('`') {
            out.push_str(&format!("```bash\n{text}\n```\n\n"));
        } else {
            out.push_str(&format!("{text}\n\n"));
        }
    }
    out
}

fn skill(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 4, 7, |dice| dev(lists, dice));
    let mut out = String::from("---\nname: documents\ndescription: \"Work with documents\"\n---\n\n# Guide\n\n");
    let numbered = dice.once_in(2);
    for (index, text) in all.iter().enumerate() {
        if numbered {
            out.push_str(&format!("{}. {text}\n", index + 1));
        } else {
            out.push_str(&format!("- {text}\n"));
        }
        if dice.once_in(4) {
            out.push_str("```python\nfrom lib import Document\ndoc = Document('a.docx')\ndoc.save('b.docx')\n```\n");
        }
    }
    out
}

const CODE: &[&str] = &[
    "def total(items):\n    return sum(item.price for item in items)\n",
    "class Store:\n    def __init__(self, path):\n        self.path = path\n",
    "import os\nimport json\n\n",
    "def load(path):\n    with open(path) as handle:\n        return json.load(handle)\n",
    "    for name in names:\n        if name.startswith('_'):\n            continue\n",
];
const OTHER_CODE: &[&str] = &[
    "export function sum(a: number, b: number): number {\n  return a + b;\n}\n",
    "const router = express.Router();\nrouter.get('/items', async (req, res) => res.json(await list()));\n",
    "fn main() {\n    let config = Config::load();\n    println!(\"{}\", config.name);\n}\n",
    "if err != nil {\n\treturn nil, fmt.Errorf(\"open: %w\", err)\n}\n",
    "interface Props {\n  title: string;\n  onClose: () => void;\n}\n",
];

fn code_hash(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 1, 3, |dice| dev(lists, dice));
    all.iter()
        .map(|text| {
            format!(
                "{}# {}\n{}",
                dice.pick(CODE),
                text.replace('\n', "\n# "),
                dice.pick(CODE)
            )
        })
        .collect()
}

fn code_slashes(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 1, 3, |dice| dev(lists, dice));
    all.iter()
        .map(|text| {
            format!(
                "{}// {}\n{}",
                dice.pick(OTHER_CODE),
                text.replace('\n', "\n// "),
                dice.pick(OTHER_CODE)
            )
        })
        .collect()
}

fn block_comment(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let text = said.map_or_else(|| dev(lists, dice), str::to_owned);
    if dice.once_in(2) {
        let lines = wrap(&text, 70, " * ");
        return format!("/**\n * {lines}\n */\n{}", dice.pick(OTHER_CODE));
    }
    format!(
        "def run(value):\n    \"\"\"{}\n    \"\"\"\n    return value\n{}",
        wrap(&text, 70, "    "),
        dice.pick(CODE)
    )
}

fn log(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 4, 8, |dice| dev(lists, dice));
    all.iter()
        .map(|text| {
            let level = dice.pick(&["INFO", "WARN", "ERROR", "DEBUG"]);
            format!(
                "2024-03-{:02} 12:{:02}:07 {level} {text}\n",
                dice.below(28) + 1,
                dice.below(60)
            )
        })
        .collect()
}

fn diff(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 2, 5, |dice| dev(lists, dice));
    let mut out = String::from("diff --git a/src/a.py b/src/a.py\n--- a/src/a.py\n+++ b/src/a.py\n@@ -1,6 +1,9 @@\n");
    for text in all {
        out.push_str(dice.pick(&["+", "-", " ", "+# "]));
        out.push_str(&text);
        out.push('\n');
    }
    out
}

fn table(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 3, 5, |dice| prose(lists, dice));
    let mark = dice.pick(&[" | ", ",", "\t"]);
    let words = Words::new(dice);
    all.iter()
        .map(|text| words.fill(&format!("{{number}}{mark}{{person}}{mark}{text}{mark}{{date}}\n"), dice))
        .collect()
}

fn issue(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 1, 3, |dice| dev(lists, dice));
    format!(
        "## Bug report\n\n{}\n\n### Steps to reproduce\n1. Call `load(None)`\n2. See the error\n\nExpected: an empty list.\n",
        all.join("\n\n")
    )
}

fn commit(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 2, 4, |dice| dev(lists, dice));
    let words = Words::new(dice);
    all.iter()
        .map(|text| {
            let head = words.fill("commit {number}a{number}f\nAuthor: {person} <{email}>\n\n", dice);
            format!("{head}    {}\n\n", text.replace('\n', "\n    "))
        })
        .collect()
}

fn message(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let text = said.map_or_else(|| dev(lists, dice), str::to_owned);
    format!(
        "Traceback (most recent call last):\n  File \"app.py\", line 12, in <module>\n    main()\nRuntimeError: {text}\n"
    )
}

fn lock_file(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let text = said
        .map_or_else(|| dev(lists, dice), str::to_owned)
        .replace('"', "'")
        .replace('\n', "\\n");
    let key = dice.pick(&["_comment", "description", "//", "notice", "deprecated"]);
    format!(
        "{{\n  \"name\": \"demo\",\n  \"version\": \"1.0.2\",\n  \"{key}\": \"{text}\",\n  \"dependencies\": {{\n    \"left-pad\": \"1.3.0\",\n    \"chalk\": \"^5.0.0\"\n  }}\n}}\n"
    )
}

fn chat(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 3, 5, |dice| prose(lists, dice));
    all.iter()
        .map(|text| {
            Words::new(dice).fill(
                &format!("- body: {text}\n  recipient: general\n  sender: {{person}}\n"),
                dice,
            )
        })
        .collect()
}

fn manual(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 2, 4, |dice| dev(lists, dice));
    format!(
        "NAME\n       demo - copy files\n\nOPTIONS\n       -f     {}\n\nSEE ALSO\n       cp(1)\n",
        all.join("\n\n       -v     ")
    )
}

fn search_results(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 3, 5, |dice| prose(lists, dice));
    all.iter()
        .map(|text| Words::new(dice).fill(&format!("[{{Word}} {{word}}]({{url}})\n{text}\n\n"), dice))
        .collect()
}

fn numbered_lines(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let text = if dice.once_in(2) {
        readme(said, lists, dice)
    } else {
        code_slashes(said, lists, dice)
    };
    text.lines()
        .enumerate()
        .map(|(index, line)| format!("{:>6}\u{2192}{line}\n", index + 1))
        .collect()
}

fn listing(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let all = among(said, dice, 4, 6, |dice| dev(lists, dice));
    all.iter()
        .map(|text| {
            format!(
                "src/{}.ts:{}:  {text}\n",
                dice.pick(&["auth", "list", "main", "util"]),
                dice.below(400) + 1
            )
        })
        .collect()
}

/// An answer of a service: an object in a list in an object, one value of which is the text.
fn nested(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    const KINDS: &[(&str, &[&str])] = &[
        ("posts", &["text", "content", "body", "caption"]),
        ("products", &["description", "title", "details"]),
        ("messages", &["message", "text", "body"]),
        ("tasks", &["description", "name", "title"]),
        ("events", &["event_name", "description", "title", "subject"]),
        ("users", &["bio", "about", "name"]),
        ("repositories", &["description", "readme", "name"]),
        ("transactions", &["subject", "memo", "note"]),
        ("files", &["name", "content", "preview"]),
        ("contacts", &["note", "company"]),
        ("results", &["snippet", "summary", "title"]),
        ("reviews", &["content", "review", "comment"]),
        ("tickets", &["description", "comment", "summary"]),
        ("sensors", &["label", "status_text"]),
        ("orders", &["instructions", "note"]),
        ("patients", &["remarks", "history"]),
    ];
    const OTHERS: &[&str] = &[
        "{Q}id{Q}: {Q}{code}{Q}",
        "{Q}created_at{Q}: {Q}2024-0{n}-1{n} 0{n}:00{Q}",
        "{Q}owner{Q}: {Q}{person}{Q}",
        "{Q}email{Q}: {Q}{email}{Q}",
        "{Q}url{Q}: {Q}{url}{Q}",
        "{Q}rating{Q}: {n}",
        "{Q}price{Q}: {number}.99",
        "{Q}status{Q}: {Q}completed{Q}",
        "{Q}location{Q}: {Q}{city}{Q}",
        "{Q}tags{Q}: [{Q}{word}{Q}, {Q}{word}{Q}]",
        "{Q}is_public{Q}: true",
        "{Q}count{Q}: {number}",
        "{Q}phone{Q}: {Q}{phone}{Q}",
    ];
    let (list, fields) = KINDS[dice.below(KINDS.len())];
    let quote = dice.pick(&["'", "\"", "'"]);
    let field = dice.pick(fields);
    let texts = match said {
        Some(said) if dice.once_in(2) => vec![said.to_owned()],
        _ => among(said, dice, 1, 3, |dice| {
            let words = Words::new(dice);
            words.fill(lists.data[dice.below(lists.data.len())], dice)
        }),
    };
    let items: Vec<String> = texts
        .iter()
        .map(|text| {
            let words = Words::new(dice);
            let other = |dice: &mut Dice| words.fill(&dice.pick(OTHERS).replace("{Q}", quote), dice);
            let before: Vec<String> = (0..dice.below(4)).map(|_| other(dice)).collect();
            let after: Vec<String> = (0..dice.below(4)).map(|_| other(dice)).collect();
            let text = format!("{quote}{field}{quote}: {quote}{text}{quote}");
            let all = before.into_iter().chain([text]).chain(after).collect::<Vec<_>>();
            format!("{{{}}}", all.join(", "))
        })
        .collect();
    match dice.below(3) {
        0 => format!("{{{quote}{list}{quote}: [{}]}}", items.join(", ")),
        1 => format!("[{}]", items.join(",\n ")),
        _ => items.join("\n"),
    }
}

/// A small page, a table or a question about one, with the text where a page has text.
fn markup(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let text = said.map_or_else(|| prose(lists, dice), str::to_owned);
    let words = Words::new(dice);
    let before = prose(lists, dice);
    let after = prose(lists, dice);
    match dice.below(7) {
        0 => {
            words.fill(
                "<table><tr><td>{city}</td><td>{number}</td></tr><tr><td>{city}</td><td>{number}</td></tr>",
                dice,
            ) + &format!("<tr><td>{text}</td></tr></table>")
        }
        1 => format!("<html><body><h1>{before}</h1><p>{after}</p><!-- {text} --></body></html>"),
        2 => format!("<p>{before}</p><img src='a.jpg' alt='{after}'><caption>{text}</caption>"),
        3 => format!("Summarise this page: '<h1>{before}</h1><p>{after}</p><p>{text}</p>'"),
        4 => {
            words.fill("What is the capital of the country in this article: '", dice)
                + &format!("{before} {after} {text}'")
        }
        5 => words.fill("TRANSACTION {code}; AMOUNT {amount}; TEXT: ", dice) + &text,
        _ => format!(
            "def area(radius):\n    # {}\n    return 3 * radius * radius\n\nprint(area(5))\n",
            text.replace('\n', "\n    # ")
        ),
    }
}

/// Names of files, one of which says too much.
fn names(said: Option<&str>, lists: &Lists, dice: &mut Dice) -> String {
    let _ = lists;
    let words = Words::new(dice);
    let list = super::grammar::bare(&words, dice);
    let Some(said) = said else {
        return list;
    };
    let name = said.replace(['\n', '/'], " ");
    let mut lines: Vec<String> = list.lines().map(str::to_owned).collect();
    let at = dice.below(lines.len() + 1);
    lines.insert(at, format!("{name}{}", dice.pick(&["", ".txt", ".md"])));
    lines.join("\n")
}
