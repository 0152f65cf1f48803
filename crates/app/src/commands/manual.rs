//! `placet completions` and `placet man`: made from the definitions of the command line.

use std::fs;
use std::path::Path;

use clap_complete::Shell;

use crate::{Error, Outcome, Screen, cli};

/// Prints a completion script.
pub(super) fn completions(shell: Shell, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    clap_complete::generate(shell, &mut cli::definition(), "placet", &mut screen.writer());
    Ok(Outcome::Fine)
}

/// Prints the manual page, or writes one for each command.
pub(super) fn pages(directory: Option<&Path>, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let Some(directory) = directory else {
        clap_mangen::Man::new(cli::definition()).render(&mut screen.writer())?;
        return Ok(Outcome::Fine);
    };
    fs::create_dir_all(directory).map_err(Error::file("create", directory))?;
    clap_mangen::generate_to(cli::definition(), directory).map_err(Error::file("write", directory))?;
    screen.line(format!("wrote the manual pages to {}", directory.display()))?;
    Ok(Outcome::Fine)
}
