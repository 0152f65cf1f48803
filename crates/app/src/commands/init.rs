//! `placet init`: a first policy and ignore file. What is there already stays as it is.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::check::real_project;
use crate::screen::Ink;
use crate::{Error, Outcome, Screen};

/// The policy that is written.
const POLICY: &str = include_str!("init/policy.toml");
/// The ignore file that is written.
const IGNORE: &str = include_str!("init/placetignore");

/// Writes both files where they are missing.
pub(super) fn run(directory: Option<&Path>, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let project = match directory {
        Some(directory) => directory.to_path_buf(),
        None => PathBuf::from(real_project(None)?),
    };
    let folder = project.join(".placet");
    std::fs::create_dir_all(&folder).map_err(Error::file("create", &folder))?;
    write(&folder.join("policy.toml"), POLICY, screen)?;
    write(&project.join(".placetignore"), IGNORE, screen)?;
    screen.line("")?;
    screen.line("Next: read both files, then `placet trust` if the policy allows something, and `placet doctor`.")?;
    Ok(Outcome::Fine)
}

fn write(path: &Path, text: &str, screen: &mut Screen<'_>) -> Result<(), Error> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    match file {
        Ok(mut file) => {
            file.write_all(text.as_bytes()).map_err(Error::file("write", path))?;
            let title = screen.paint(Ink::Bold, &format!("wrote {}", path.display()));
            screen.line(title)?;
            for line in text.lines() {
                let line = screen.paint(if line.starts_with('#') { Ink::Dim } else { Ink::Good }, line);
                screen.line(format!("  {line}").trim_end())?;
            }
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            screen.line(format!("kept  {} (it is there already)", path.display()))
        }
        Err(error) => Err(Error::file("write", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use placet_engine::policy::{lint, trials};
    use placet_engine::{Format, IgnoreText, Policy, PolicyText, Scope};
    use placet_facts::NeutralWorld;

    use super::{IGNORE, POLICY};

    #[test]
    fn the_first_policy_has_nothing_to_complain_about_and_its_examples_hold() {
        let text = PolicyText {
            origin: "/p/.placet/policy.toml".to_owned(),
            scope: Scope::Project,
            format: Format::PlacetToml,
            text: POLICY.to_owned(),
            trusted: true,
        };
        let ignore = IgnoreText {
            origin: "/p/.placetignore".to_owned(),
            root: "/p".to_owned(),
            text: IGNORE.to_owned(),
        };
        let policy = Policy::load(&[text], &[ignore]);
        assert_eq!(lint(&policy), []);
        let trials = trials(&policy, &NeutralWorld::new(Some("/p"), Some("/p")));
        assert!(!trials.is_empty());
        for trial in trials {
            assert!(trial.passed(), "{trial:?}");
        }
    }
}
