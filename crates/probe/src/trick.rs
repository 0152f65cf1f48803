//! What a text does to steer its reader, and to hide that it does, by name. Names are one for code, answers and log.

/// A trick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trick {
    /// Written in Unicode's invisible tag characters.
    UnicodeTags,
    /// Characters that turn the direction of writing.
    BidiControls,
    /// Characters without width between letters.
    ZeroWidth,
    /// Letters that look like others.
    LookalikeLetters,
    /// Spaces that are no ordinary ones, between letters.
    OddWhitespace,
    /// In a comment of HTML or Markdown.
    HtmlComment,
    /// Hidden by its style.
    HiddenByStyle,
    /// In an alternative text or a title.
    Caption,
    /// Terminal escapes that conceal or overwrite.
    AnsiEscapes,
    /// Base64.
    Base64,
    /// Hexadecimal.
    Hex,
    /// Rot13.
    Rot13,
    /// Percent encoding.
    UrlEncoding,
    /// Character entities or escapes.
    Entities,
    /// A text in pieces, or letters with space between.
    SplitString,
    /// Digits in place of letters.
    Leetspeak,
    /// Not in English.
    OtherLanguage,
    /// Tells its reader to drop what it was told.
    Override,
    /// Speaks in the name of somebody who may give orders.
    Authority,
    /// Markers of a chat template.
    RoleMarker,
    /// The form of a tool call.
    ToolCall,
    /// Presses.
    Urgency,
    /// Wants it kept from the user, or done without asking.
    Secrecy,
    /// Wants secrets or personal data.
    AsksForSecrets,
    /// Wants something sent.
    AsksToSend,
    /// Wants something deleted or switched off.
    AsksToDestroy,
    /// Wants a command run.
    Command,
    /// An address with a place to put data into.
    PayloadUrl,
    /// Addresses an assistant.
    AddressesReader,
    /// Gives an order.
    Imperative,
    /// Prose where prose does not belong.
    OutOfPlace,
    /// Far from what the user asked for.
    OffTopic,
}

impl Trick {
    /// Every trick.
    pub const ALL: &'static [Self] = &[
        Self::UnicodeTags,
        Self::BidiControls,
        Self::ZeroWidth,
        Self::LookalikeLetters,
        Self::OddWhitespace,
        Self::HtmlComment,
        Self::HiddenByStyle,
        Self::Caption,
        Self::AnsiEscapes,
        Self::Base64,
        Self::Hex,
        Self::Rot13,
        Self::UrlEncoding,
        Self::Entities,
        Self::SplitString,
        Self::Leetspeak,
        Self::OtherLanguage,
        Self::Override,
        Self::Authority,
        Self::RoleMarker,
        Self::ToolCall,
        Self::Urgency,
        Self::Secrecy,
        Self::AsksForSecrets,
        Self::AsksToSend,
        Self::AsksToDestroy,
        Self::Command,
        Self::PayloadUrl,
        Self::AddressesReader,
        Self::Imperative,
        Self::OutOfPlace,
        Self::OffTopic,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnicodeTags => "unicode-tags",
            Self::BidiControls => "bidi-controls",
            Self::ZeroWidth => "zero-width",
            Self::LookalikeLetters => "lookalike-letters",
            Self::OddWhitespace => "odd-whitespace",
            Self::HtmlComment => "html-comment",
            Self::HiddenByStyle => "hidden-by-style",
            Self::Caption => "caption",
            Self::AnsiEscapes => "ansi-escapes",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Rot13 => "rot13",
            Self::UrlEncoding => "url-encoding",
            Self::Entities => "entities",
            Self::SplitString => "split-string",
            Self::Leetspeak => "leetspeak",
            Self::OtherLanguage => "other-language",
            Self::Override => "override",
            Self::Authority => "authority",
            Self::RoleMarker => "role-marker",
            Self::ToolCall => "tool-call",
            Self::Urgency => "urgency",
            Self::Secrecy => "secrecy",
            Self::AsksForSecrets => "asks-for-secrets",
            Self::AsksToSend => "asks-to-send",
            Self::AsksToDestroy => "asks-to-destroy",
            Self::Command => "command",
            Self::PayloadUrl => "payload-url",
            Self::AddressesReader => "addresses-reader",
            Self::Imperative => "imperative",
            Self::OutOfPlace => "out-of-place",
            Self::OffTopic => "off-topic",
        }
    }

    /// The trick with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }

    /// Letters or words were taken apart or swapped, as opposed to encoded.
    pub(crate) const fn is_disguise(self) -> bool {
        matches!(
            self,
            Self::SplitString | Self::Leetspeak | Self::LookalikeLetters | Self::ZeroWidth
        )
    }
}
