//! What came of reading: grants, boundaries and mentions as plain values. Nothing here knows what an effect is.

/// The words that something was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which message, counted from the oldest.
    pub message: usize,
    /// First byte of the sentence in the message.
    pub start: usize,
    /// The words, as the user wrote them.
    pub words: String,
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $bit:literal, $word:literal;)+) => {
        /// What an order is about: what is to be done, not to what.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Deed { $($(#[$doc])* $name),+ }

        impl Deed {
            /// Every deed.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word for it in tests and messages.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            const fn bit(self) -> u32 {
                match self { $(Self::$name => 1 << $bit),+ }
            }
        }
    };
}

deeds! {
    /// Record changes in local version control.
    Commit = 0, "commit";
    /// Publish commits.
    Push = 1, "push";
    /// Open a change request.
    Request = 2, "open-request";
    /// Answer people in a review, an issue or a thread.
    Reply = 3, "reply";
    /// Change a request or an issue: title, description, state.
    EditRequest = 4, "edit-request";
    /// Open an issue.
    Issue = 5, "open-issue";
    /// Merge.
    Merge = 6, "merge";
    /// Bring a branch onto or up to another one.
    Rebase = 7, "rebase";
    /// Change the last commits.
    Amend = 8, "amend";
    /// Take commits back.
    Undo = 9, "undo";
    /// Throw uncommitted work away.
    Discard = 10, "discard";
    /// Delete.
    Delete = 11, "delete";
    /// Stop something that runs.
    Stop = 12, "stop";
    /// Start or restart a service.
    Restart = 13, "restart";
    /// Bring something into a running system.
    Deploy = 14, "deploy";
    /// Make a release.
    Release = 15, "release";
    /// Publish a package.
    Publish = 16, "publish";
    /// Install, add or update packages.
    Install = 17, "install";
    /// Read from the network.
    Fetch = 18, "fetch";
    /// Read a file.
    Read = 19, "read";
    /// Change or create a file.
    Write = 20, "write";
    /// Run a program or a script.
    Run = 21, "run";
    /// Send data.
    Send = 22, "send";
    /// Log in to another machine.
    Connect = 23, "connect";
}

/// A set of deeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deeds(u32);

impl Deeds {
    /// The set of these.
    #[must_use]
    pub const fn of(deeds: &[Deed]) -> Self {
        let mut bits = 0;
        let mut rest = deeds;
        while let [first, others @ ..] = rest {
            bits |= first.bit();
            rest = others;
        }
        Self(bits)
    }

    /// Whether it is among them.
    #[must_use]
    pub const fn has(self, deed: Deed) -> bool {
        self.0 & deed.bit() != 0
    }

    /// Whether some deed is in both.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// An order of the user, or their leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What may be done. One verb can mean several things; the object tells which.
    pub deeds: Deeds,
    /// It was said that force may be used.
    pub force: bool,
    /// What it is to be done to: names and words in the order's object.
    pub objects: Vec<String>,
    /// Where, from where or onto what.
    pub places: Vec<String>,
    /// What was taken out of it ("all but x").
    pub except: Vec<String>,
    /// The words of the order, and what was said after it in the same message.
    pub words: Vec<String>,
    /// No condition was attached.
    pub firm: bool,
    /// An order or leave, not a suggestion ("can we …").
    pub direct: bool,
    /// Nothing that was said since began another task.
    pub current: bool,
    /// The words.
    pub said: Said,
}

impl Grant {
    /// Whether the word was said in the order or after it in the same message.
    #[must_use]
    pub fn says(&self, any_of: &[&str]) -> bool {
        self.words.iter().any(|word| any_of.contains(&word.as_str()))
    }

    /// Everything that the order names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().chain(&self.places).map(String::as_str)
    }
}

/// How a boundary binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It must not be done.
    Never,
    /// The user wants to be asked first.
    AskFirst,
    /// Changes are to stay within the named paths.
    Only,
    /// Nothing is to be changed.
    ReadOnly,
}

/// A limit that the user set, in force until the user lifts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// How it binds.
    pub kind: Kind,
    /// What it is about; empty means any change.
    pub deeds: Deeds,
    /// It is about forced pushes only.
    pub force: bool,
    /// What it is about: names and words; empty means everything.
    pub objects: Vec<String>,
    /// What it leaves free.
    pub except: Vec<String>,
    /// The words.
    pub said: Said,
    /// Which sentence of all it is, to be compared with what lifts it.
    pub(crate) at: usize,
}

/// Something that the user named in their own words, whatever they said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name.
    pub name: String,
    /// The words.
    pub said: Said,
}

/// What the user authorised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorization {
    /// Orders, the newest first.
    pub grants: Vec<Grant>,
    /// Boundaries in force, the newest first.
    pub boundaries: Vec<Boundary>,
    /// Paths, hosts and URLs that the user named without ruling them out.
    pub mentions: Vec<Mention>,
    /// Words that look like a boundary and can't be read: as long as they stand, no order is taken for leave.
    pub doubt: Option<Said>,
}
