//! What a word or a place in a text is a sign of. Signs are what the model looks at besides the words themselves.

/// A sign. The discriminant is its bit in [`Signs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Sign {
    Please,
    Transmit,
    Money,
    Destroy,
    Run,
    Read,
    Change,
    Secrets,
    Personal,
    Reader,
    You,
    Me,
    User,
    Authority,
    Override,
    Prior,
    Orders,
    Secrecy,
    Urgency,
    Always,
    Negation,
    OrderInTime,
    Pretend,
    Output,
    Shell,
    Pretext,
    Outside,
    Talk,
    Question,
    About,
    Device,
    Code,
    Continue,
    Rot13,
    /// An address of the web.
    Url,
    /// An address of the web with a place to put data into.
    PayloadUrl,
    /// A mail address.
    Email,
    /// A path.
    Path,
    /// A path or variable that holds secrets.
    SecretPlace,
    /// A shell variable.
    Variable,
    /// Digits and letters as in an account's number.
    AccountNumber,
    /// A number.
    Number,
    /// A name of code: underscores, humps.
    Identifier,
    /// A word in capitals.
    Capitals,
    /// A sentence begins with a verb of action.
    Imperative,
    /// A chat template's marker or a speaker's name.
    RoleMarker,
    /// The form of a tool call.
    ToolCall,
    /// In a comment of code.
    Comment,
    /// Letters outside of ASCII.
    Foreign,
    /// Digits in place of letters.
    Leetspeak,
    /// Written by means that people don't see or machines don't need.
    Hidden,
    /// In a comment of HTML or Markdown.
    HtmlComment,
    /// In an alternative text or a title.
    Caption,
    /// Decoded from something.
    Decoded,
    /// Letters were swapped or split.
    Disguised,
    /// Named in the user's own messages.
    Asked,
}

/// A set of signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u64);

impl Signs {
    pub(crate) const NONE: Self = Self(0);
    /// Verbs by which a text makes its reader do something.
    pub(crate) const ACTION: Self = Self::NONE
        .with(Sign::Transmit)
        .with(Sign::Money)
        .with(Sign::Destroy)
        .with(Sign::Run)
        .with(Sign::Read)
        .with(Sign::Change)
        .with(Sign::Override)
        .with(Sign::Output)
        .with(Sign::Please)
        .with(Sign::Pretend);

    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    pub(crate) const fn with(self, sign: Sign) -> Self {
        Self(self.0 | 1 << sign as u8)
    }

    pub(crate) const fn has(self, sign: Sign) -> bool {
        self.0 & (1 << sign as u8) != 0
    }

    pub(crate) const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    pub(crate) const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those that are in both.
    pub(crate) const fn bits_in(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The bits of the signs, lowest first.
    pub(crate) fn bits(self) -> impl Iterator<Item = u32> {
        let mut left = self.0;
        core::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros())?;
            left &= left.wrapping_sub(1);
            Some(bit)
        })
    }
}
