//! Compiles `commands/*.toml` and `carriers.toml` into static tables. A file that is wrong fails the build with its name and line.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a build script fails by panicking"
)]

#[path = "build/carriers.rs"]
mod carriers;
#[path = "build/emit.rs"]
mod emit;
#[path = "build/gather.rs"]
mod gather;
#[path = "build/schema.rs"]
mod schema;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=commands");
    println!("cargo::rerun-if-changed=carriers.toml");
    println!("cargo::rerun-if-changed=build");
    let mut files: Vec<_> = std::fs::read_dir("commands")
        .expect("crates/effects/commands is there")
        .map(|entry| entry.expect("readable directory").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let mut errors = Vec::new();
    let mut names: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut tables = Vec::new();
    for path in &files {
        match compile(path) {
            Ok((all_names, table)) => {
                for name in all_names {
                    let file = path.display().to_string();
                    if let Some((other, _)) = names.insert(name.clone(), (file.clone(), tables.len())) {
                        errors.push(format!("{file}: the name `{name}` is taken by {other}"));
                    }
                }
                tables.push(table);
            }
            Err(error) => errors.push(format!("{}: {error}", path.display())),
        }
    }
    for error in &errors {
        println!("cargo::error={}", error.replace('\n', " | "));
    }
    let mut out = String::new();
    for (index, table) in tables.iter().enumerate() {
        let (texts, table) = gather::gather(&format!("T{index}"), table);
        writeln!(out, "{texts}static C{index}: Command = {table};").expect("a string takes everything");
    }
    let mut by_name = String::new();
    for (name, (_, index)) in &names {
        writeln!(by_name, "({name:?}, &C{index}),").expect("a string takes everything");
    }
    let (texts, by_name) = gather::gather("NAMES", &by_name);
    writeln!(
        out,
        "{texts}pub(super) static BY_NAME: &[(&str, &Command)] = &[{by_name}];"
    )
    .expect("a string takes everything");
    let target = Path::new(&std::env::var("OUT_DIR").expect("cargo sets OUT_DIR")).to_owned();
    std::fs::write(target.join("commands.rs"), out).expect("OUT_DIR can be written");
    match carriers::compile(Path::new("carriers.toml")) {
        Ok(tables) => std::fs::write(target.join("carriers.rs"), tables).expect("OUT_DIR can be written"),
        Err(error) => println!("cargo::error=carriers.toml: {}", error.replace('\n', " | ")),
    }
}

fn compile(path: &Path) -> Result<(Vec<String>, String), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let file: schema::File = toml::from_str(&text).map_err(|e| e.to_string())?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if file.name != stem {
        return Err(format!(
            "`name` is `{}` but the file is called `{stem}.toml`",
            file.name
        ));
    }
    if file.summary.is_empty() || !file.reference.contains("://") && !file.reference.starts_with("man:") {
        return Err("`summary` and `reference` (a URL, or man:NAME(SECTION)) must say something".into());
    }
    if file.examples.len() < 2 {
        return Err("two [[example]]s are needed: one that fires, and one harmless neighbour".into());
    }
    if file.examples.iter().any(|example| example.run.trim().is_empty()) {
        return Err("an [[example]] runs nothing".into());
    }
    if !file.examples.windows(2).any(|pair| pair[0].effects != pair[1].effects) {
        return Err("the [[example]]s must differ in their effects".into());
    }
    let names = std::iter::once(file.name.clone())
        .chain(file.aliases.iter().cloned())
        .collect();
    Ok((names, emit::command(&file)?))
}
