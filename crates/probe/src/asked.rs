//! What a suspicious text asks for: commands, hosts, paths, secrets. Later actions are compared with it.

/// Things of each kind that are kept.
const MOST: usize = 16;
/// Longer things are cut.
const LONGEST: usize = 200;

/// What a text asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Commands, as written.
    pub commands: Vec<String>,
    /// Hosts of addresses.
    pub hosts: Vec<String>,
    /// Mail addresses and account numbers.
    pub addresses: Vec<String>,
    /// Paths.
    pub paths: Vec<String>,
    /// Paths and variables that hold secrets.
    pub secrets: Vec<String>,
}

impl Asked {
    /// Whether it names nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
            && self.hosts.is_empty()
            && self.addresses.is_empty()
            && self.paths.is_empty()
            && self.secrets.is_empty()
    }

    pub(crate) fn add_url(&mut self, url: &str) {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default().trim_end_matches('.');
        add(&mut self.hosts, &host.to_ascii_lowercase());
    }

    pub(crate) fn add_address(&mut self, address: &str) {
        add(&mut self.addresses, address.trim_end_matches('.'));
    }

    pub(crate) fn add_account(&mut self, number: &str) {
        add(&mut self.addresses, number);
    }

    pub(crate) fn add_path(&mut self, path: &str, secret: bool) {
        let path = path.trim_end_matches(['.', ':', '!', '?']);
        if path.len() > 2 {
            add(if secret { &mut self.secrets } else { &mut self.paths }, path);
        }
    }

    pub(crate) fn add_secret(&mut self, name: &str) {
        add(&mut self.secrets, name);
    }

    /// The command that begins there, to the end of its line or its quotes.
    pub(crate) fn add_command(&mut self, text: &str, start: usize) {
        let rest = text.get(start..).unwrap_or_default();
        let quoted = start.checked_sub(1).and_then(|before| text.as_bytes().get(before)) == Some(&b'`');
        let end = if quoted {
            rest.find(['`', '\n'])
        } else {
            rest.find(['\n', '`'])
        };
        let command = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let command = command
            .get(..command.floor_char_boundary(LONGEST))
            .unwrap_or_default()
            .trim();
        // A bare program name is a word like any other.
        if command.contains(' ') {
            add(&mut self.commands, command);
        }
    }
}

fn add(list: &mut Vec<String>, thing: &str) {
    let thing = thing.get(..thing.floor_char_boundary(LONGEST)).unwrap_or_default();
    if !thing.is_empty() && list.len() < MOST && !list.iter().any(|known| known == thing) {
        list.push(thing.to_owned());
    }
}
