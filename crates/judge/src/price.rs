//! What an answer costs. Prices change; those of the policy come before the table.

/// US cents for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Of the question.
    pub input: u32,
    /// Of the answer.
    pub output: u32,
}

/// Beginnings of models' names and their list prices; the first that fits counts.
const TABLE: &[(&str, Price)] = &[
    (
        "claude-haiku-4",
        Price {
            input: 100,
            output: 500,
        },
    ),
    (
        "claude-sonnet-4",
        Price {
            input: 300,
            output: 1500,
        },
    ),
    ("claude-3-5-haiku", Price { input: 80, output: 400 }),
    (
        "claude-opus-4-5",
        Price {
            input: 500,
            output: 2500,
        },
    ),
    ("gpt-4.1-nano", Price { input: 10, output: 40 }),
    ("gpt-4.1-mini", Price { input: 40, output: 160 }),
    (
        "gpt-4.1",
        Price {
            input: 200,
            output: 800,
        },
    ),
    ("gpt-4o-mini", Price { input: 15, output: 60 }),
    (
        "gpt-4o",
        Price {
            input: 250,
            output: 1000,
        },
    ),
    ("gpt-5-nano", Price { input: 5, output: 40 }),
    ("gpt-5-mini", Price { input: 25, output: 200 }),
    (
        "gpt-5",
        Price {
            input: 125,
            output: 1000,
        },
    ),
];

impl Price {
    /// The list price of a model, if it is in the table.
    #[must_use]
    pub fn of(model: &str) -> Option<Self> {
        let name = model.rsplit('/').next().unwrap_or(model);
        TABLE
            .iter()
            .find(|(start, _)| name.starts_with(start))
            .map(|(_, price)| *price)
    }

    /// Millionths of a US dollar for these tokens. What a service takes off for what it has kept is not counted.
    #[must_use]
    pub fn micro_dollars(self, tokens_in: u64, tokens_out: u64) -> u64 {
        let cents = tokens_in
            .saturating_mul(u64::from(self.input))
            .saturating_add(tokens_out.saturating_mul(u64::from(self.output)));
        cents.div_ceil(100)
    }
}
