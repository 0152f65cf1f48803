//! Whose processes a signal would reach. Data only; who looks is elsewhere.

/// Whose the processes are that a signal would reach, as far as that was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ownership {
    /// Nobody looked, or it can't be told.
    #[default]
    Unknown,
    /// Nothing runs that it would reach.
    Nobody,
    /// All of them were started by the session.
    Session,
    /// It can't be told, but the same text starts the very same program of the project again.
    Restarted,
    /// Some of them were not.
    Others(Others),
}

/// Processes that the session did not start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// How many there are.
    pub count: u32,
    /// Some of them: the program's name and the process number.
    pub named: Vec<(String, u32)>,
}

impl Ownership {
    /// Whether nobody loses a process that is not the session's own.
    #[must_use]
    pub fn spares_others(&self) -> bool {
        match self {
            Self::Nobody | Self::Session | Self::Restarted => true,
            Self::Unknown | Self::Others(_) => false,
        }
    }
}

impl Others {
    /// How many are named.
    pub const NAMED: usize = 3;

    /// In words: `postgres (812), which this session did not start`; `None` if none of them has a name.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let named = self.named.iter().take(Self::NAMED);
        let mut words: Vec<String> = named.map(|(name, number)| format!("`{name}` ({number})")).collect();
        if words.is_empty() {
            return None;
        }
        let more = self
            .count
            .saturating_sub(u32::try_from(words.len()).unwrap_or(u32::MAX));
        if more > 0 {
            words.push(format!("{more} more"));
        }
        let last = words.pop()?;
        let all = if words.is_empty() {
            last
        } else {
            format!("{} and {last}", words.join(", "))
        };
        Some(format!("{all}, which this session did not start"))
    }
}

#[cfg(test)]
mod tests {
    use super::Others;

    #[test]
    fn at_most_three_are_named() {
        let others = |names: &[&str], count| Others {
            count,
            named: names.iter().map(|name| ((*name).to_owned(), 7)).collect(),
        };
        let words = |names, count| others(names, count).words();
        assert_eq!(words(&[], 2), None);
        assert_eq!(words(&["a"], 1).unwrap(), "`a` (7), which this session did not start");
        assert_eq!(
            words(&["a", "b"], 2).unwrap(),
            "`a` (7) and `b` (7), which this session did not start"
        );
        assert_eq!(
            words(&["a", "b", "c", "d"], 9).unwrap(),
            "`a` (7), `b` (7), `c` (7) and 6 more, which this session did not start"
        );
    }
}
